//! One module: the `.tf` files of a folder, sorted by what they declare.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::MAX_FILES;
use super::text::Text;
use crate::terraform::error::TerraformError;

/// A module as it is written.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Variables, with their defaults.
    pub(super) variables: BTreeMap<String, Variable>,
    /// Values of variables in files, for a root module.
    pub(super) values: BTreeMap<String, Expression>,
    /// Locals.
    pub(super) locals: BTreeMap<String, Expression>,
    /// Managed resources, in the order of the files.
    pub(super) resources: Vec<Declared>,
    /// Calls of modules.
    pub(super) calls: Vec<Declared>,
    /// Configurations of providers, with their alias.
    pub(super) providers: Vec<(String, Option<String>, Body)>,
}

/// A variable.
#[derive(Debug)]
pub(super) struct Variable {
    /// Its default.
    pub(super) default: Option<Expression>,
    /// Whether it is marked as sensitive.
    pub(super) sensitive: bool,
}

/// A resource, or the call of a module.
#[derive(Debug)]
pub(super) struct Declared {
    /// The type of a resource; empty for a call.
    pub(super) kind: String,
    /// Its name.
    pub(super) name: String,
    /// The file, as it is shown.
    pub(super) file: Rc<str>,
    /// The line on which it begins, from 1.
    pub(super) line: u32,
    /// What it says.
    pub(super) body: Body,
}

/// The `.tf` files of a folder, in the order of their names.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, TerraformError> {
    listed(folder, |name| name.ends_with(".tf"))
}

fn listed(folder: &Path, wanted: fn(&str) -> bool) -> Result<Vec<PathBuf>, TerraformError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(TerraformError::Io)? {
        let path = entry.map_err(TerraformError::Io)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if wanted(&name) && !name.starts_with('.') && path.is_file() {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            return Err(TerraformError::TooMany {
                limit: MAX_FILES,
                unit: "files in one folder",
            });
        }
    }
    files.sort();
    Ok(files)
}

impl Module {
    /// Reads the folder of a module.
    pub(super) fn read(folder: &Path) -> Result<Self, TerraformError> {
        let mut module = Self::default();
        for path in files(folder)? {
            let text = Text::read(&path)?;
            let file: Rc<str> = text.path.as_str().into();
            for block in text.body.blocks() {
                module.take(block, &file, text.line(block.span()));
            }
        }
        Ok(module)
    }

    /// Reads the files that give a root module's variables their values, in Terraform's own order: the later wins.
    pub(super) fn read_values(&mut self, folder: &Path) -> Result<(), TerraformError> {
        let mut files = listed(folder, |name| name == "terraform.tfvars")?;
        files.extend(listed(folder, |name| name.ends_with(".auto.tfvars"))?);
        for path in files {
            for attribute in Text::read(&path)?.body.attributes() {
                let name = attribute.key.as_str().to_owned();
                self.values.insert(name, attribute.value.clone());
            }
        }
        Ok(())
    }

    fn take(&mut self, block: &Block, file: &Rc<str>, line: u32) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let declared = |kind: &str, name: &str| Declared {
            kind: kind.to_owned(),
            name: name.to_owned(),
            file: Rc::clone(file),
            line,
            body: block.body.clone(),
        };
        match (block.ident.as_str(), labels.as_slice()) {
            ("resource", [kind, name]) => self.resources.push(declared(kind, name)),
            ("module", [name]) => self.calls.push(declared("", name)),
            ("variable", [name]) => self.take_variable(name, &block.body),
            ("provider", [name]) => {
                let alias = block.body.get_attribute("alias");
                let alias = alias.and_then(|a| a.value.as_str()).map(str::to_owned);
                self.providers
                    .push(((*name).to_owned(), alias, block.body.clone()));
            }
            ("locals", []) => {
                for local in block.body.attributes() {
                    let name = local.key.as_str().to_owned();
                    self.locals.insert(name, local.value.clone());
                }
            }
            _ => {}
        }
    }

    fn take_variable(&mut self, name: &str, body: &Body) {
        let default = body.get_attribute("default").map(|a| a.value.clone());
        let sensitive = body
            .get_attribute("sensitive")
            .and_then(|a| a.value.as_bool());
        let variable = Variable {
            default,
            sensitive: sensitive.unwrap_or(false),
        };
        self.variables.insert(name.to_owned(), variable);
    }
}
