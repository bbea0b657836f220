//! A root module → the resources that it makes: modules are entered, `count` and `for_each` are multiplied out.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use hcl_edit::structure::Body;
use serde_json::{Map, Value};

use super::module::{Declared, Module};
use super::path::local_source;
use super::scope::{Instance, Scope, steps, unresolved};
use super::{attribute, eval, refer};
use crate::terraform::error::TerraformError;
use crate::terraform::hidden::{Hidden, hidden};
use crate::terraform::resource::Resource;
use crate::terraform::{MAX_DEPTH, MAX_RESOURCES};

/// The resources of the root module in a folder, in the order of the files.
pub(super) fn resources(folder: &Path, within: &Path) -> Result<Vec<Resource>, TerraformError> {
    let mut expander = Expander {
        within: within.to_owned(),
        modules: HashMap::new(),
        found: Vec::new(),
        steps: steps(),
        regions: HashMap::new(),
    };
    let mut root = Module::read(folder)?;
    root.read_values(folder)?;
    let root = Rc::new(root);
    let inputs = inputs_of_root(&root, &expander.steps);
    let instance = expander.instance(root, inputs);
    expander.note_regions(&instance);
    let place = Place {
        folder: folder.to_owned(),
        address: String::new(),
        providers: BTreeMap::new(),
        certain: true,
        depth: 0,
    };
    expander.enter(&instance, &place)?;
    Ok(expander.found)
}

/// The variables of a root module: values in files, else defaults. A sensitive one is not said.
fn inputs_of_root(root: &Rc<Module>, steps: &Rc<Cell<u64>>) -> BTreeMap<String, Value> {
    let empty = Instance {
        module: Rc::new(Module::default()),
        inputs: BTreeMap::new(),
        locals: RefCell::default(),
        steps: Rc::clone(steps),
    };
    let scope = Scope::of(&empty);
    let value = |(name, variable): (&String, &super::module::Variable)| {
        let given = root.values.get(name).or(variable.default.as_ref());
        let value = match given {
            _ if variable.sensitive => Hidden::Sensitive.marker(),
            Some(given) => eval::eval(given, scope),
            None => unresolved(),
        };
        (name.clone(), value)
    };
    root.variables.iter().map(value).collect()
}

/// Where an instance of a module is.
struct Place {
    folder: PathBuf,
    /// `module.net["a"]`; empty for the root.
    address: String,
    /// Which configuration of a provider a name means here, where not the root's of the same name.
    providers: BTreeMap<String, String>,
    /// Whether it is certain that the instance is made.
    certain: bool,
    depth: usize,
}

struct Expander {
    within: PathBuf,
    modules: HashMap<PathBuf, Rc<Module>>,
    found: Vec<Resource>,
    steps: Rc<Cell<u64>>,
    /// By configuration of a provider: `alicloud`, `alicloud.shanghai`.
    regions: HashMap<String, String>,
}

/// One of the instances that `count` or `for_each` makes.
struct Copy {
    /// The key in the address: `0`, `"a"`.
    key: Option<String>,
    each: Option<(Value, Value)>,
    index: Option<u64>,
    /// Whether it is certain that it is made.
    certain: bool,
}

impl Copy {
    fn once(certain: bool) -> Self {
        Self {
            key: None,
            each: None,
            index: None,
            certain,
        }
    }

    fn scope<'s>(&'s self, instance: &'s Instance) -> Scope<'s> {
        Scope {
            each: self.each.as_ref().map(|(key, value)| (key, value)),
            index: self.index,
            ..Scope::of(instance)
        }
    }

    /// The address with the key.
    fn address(&self, base: &str) -> String {
        match &self.key {
            Some(key) => format!("{base}[{key}]"),
            None => base.to_owned(),
        }
    }
}

impl Expander {
    fn instance(&self, module: Rc<Module>, inputs: BTreeMap<String, Value>) -> Instance {
        Instance {
            module,
            inputs,
            locals: RefCell::default(),
            steps: Rc::clone(&self.steps),
        }
    }

    fn note_regions(&mut self, root: &Instance) {
        for (name, alias, body) in &root.module.providers {
            let region = body.get_attribute("region");
            let region = region.map(|region| eval::eval(&region.value, Scope::of(root)));
            if let Some(Value::String(region)) = region {
                self.regions
                    .insert(configuration(name, alias.as_deref()), region);
            }
        }
    }

    fn enter(&mut self, instance: &Instance, place: &Place) -> Result<(), TerraformError> {
        for declared in &instance.module.resources {
            for copy in copies(&declared.body, instance) {
                self.add(declared, &copy, instance, place)?;
            }
        }
        for call in &instance.module.calls {
            self.call(call, instance, place)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        declared: &Declared,
        copy: &Copy,
        instance: &Instance,
        place: &Place,
    ) -> Result<(), TerraformError> {
        if self.found.len() >= MAX_RESOURCES {
            return Err(TerraformError::TooMany {
                limit: MAX_RESOURCES,
                unit: "resources",
            });
        }
        let scope = copy.scope(instance);
        let mut values = attribute::values(&declared.kind, &declared.body, scope);
        if !(copy.certain && place.certain) {
            forget(&mut values);
        }
        let provider = self.provider(declared, place);
        let base = join(
            &place.address,
            &format!("{}.{}", declared.kind, declared.name),
        );
        self.found.push(Resource {
            address: copy.address(&base),
            module: place.address.clone(),
            kind: declared.kind.clone(),
            name: declared.name.clone(),
            key: copy.key.clone(),
            region: self.regions.get(&provider).cloned(),
            provider,
            file: Some(declared.file.to_string()),
            line: declared.line,
            fresh: true,
            values,
            references: Some(attribute::references(&declared.body, scope)),
        });
        Ok(())
    }

    /// The configuration of the provider that a resource uses.
    fn provider(&self, declared: &Declared, place: &Place) -> String {
        let named = declared.body.get_attribute("provider");
        let named = named.map(|a| a.value.to_string().trim().to_owned());
        let default = declared.kind.split('_').next().unwrap_or_default();
        let name = named.unwrap_or_else(|| default.to_owned());
        place.providers.get(&name).cloned().unwrap_or(name)
    }

    fn call(
        &mut self,
        call: &Declared,
        instance: &Instance,
        place: &Place,
    ) -> Result<(), TerraformError> {
        let source = call.body.get_attribute("source");
        let source = source.and_then(|a| a.value.as_str()).unwrap_or_default();
        let Some(folder) = local_source(&place.folder, source, &self.within) else {
            tracing::warn!(
                file = %call.file, line = call.line, module = %call.name,
                "the module is not in the folder that is scanned; what it makes was not looked at"
            );
            return Ok(());
        };
        if place.depth >= MAX_DEPTH {
            return Err(TerraformError::TooMany {
                limit: MAX_DEPTH,
                unit: "levels of modules",
            });
        }
        let module = self.module(&folder)?;
        for copy in copies(&call.body, instance) {
            let inputs = inputs(&module, &call.body, copy.scope(instance), &self.steps);
            let inner = self.instance(Rc::clone(&module), inputs);
            let base = join(&place.address, &format!("module.{}", call.name));
            let place = Place {
                folder: folder.clone(),
                address: copy.address(&base),
                providers: providers(&call.body, place),
                certain: place.certain && copy.certain,
                depth: place.depth + 1,
            };
            self.enter(&inner, &place)?;
        }
        Ok(())
    }

    fn module(&mut self, folder: &Path) -> Result<Rc<Module>, TerraformError> {
        if let Some(known) = self.modules.get(folder) {
            return Ok(Rc::clone(known));
        }
        let module = Rc::new(Module::read(folder)?);
        self.modules.insert(folder.to_owned(), Rc::clone(&module));
        Ok(module)
    }
}

/// The variables of a called module: what the call gives, else defaults.
fn inputs(
    module: &Rc<Module>,
    call: &Body,
    scope: Scope<'_>,
    steps: &Rc<Cell<u64>>,
) -> BTreeMap<String, Value> {
    let mut inputs = inputs_of_root(module, steps);
    for (name, value) in &mut inputs {
        if let Some(given) = call.get_attribute(name) {
            let given = eval::eval(&given.value, scope);
            // A null takes the default, as in Terraform for what may not be null.
            if !given.is_null() {
                *value = given;
            }
        }
    }
    inputs
}

/// Which configurations of providers a called module uses: those of its `providers`, else those around it.
fn providers(call: &Body, place: &Place) -> BTreeMap<String, String> {
    let mut known = place.providers.clone();
    let given = call.get_attribute("providers").map(|a| &a.value);
    for (name, configuration) in given
        .and_then(|value| value.as_object())
        .into_iter()
        .flatten()
    {
        let name = match name {
            hcl_edit::expr::ObjectKey::Ident(name) => name.as_str().to_owned(),
            hcl_edit::expr::ObjectKey::Expression(name) => name.to_string().trim().to_owned(),
        };
        let outer = configuration.expr().to_string().trim().to_owned();
        let outer = place.providers.get(&outer).cloned().unwrap_or(outer);
        known.insert(name, outer);
    }
    known
}

/// The instances of a resource or a call. Where it cannot be told how many there are, one stands for them of which
/// nothing is known.
fn copies(body: &Body, instance: &Instance) -> Vec<Copy> {
    let scope = Scope::of(instance);
    let meta = |name: &str| {
        body.get_attribute(name)
            .map(|a| eval::eval(&a.value, scope))
    };
    if let Some(count) = meta("count") {
        return match eval::amount(&count) {
            Some(count) if (0.0..=10_000.0).contains(&count) => {
                let copy = |index: u64| Copy {
                    key: Some(index.to_string()),
                    index: Some(index),
                    ..Copy::once(true)
                };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and 10,000"
                )]
                let count = count as u64;
                (0..count).map(copy).collect()
            }
            _ => vec![Copy::once(false)],
        };
    }
    let Some(over) = meta("for_each") else {
        return vec![Copy::once(true)];
    };
    match refer::instances(&over) {
        Some(all) => all
            .into_iter()
            .map(|(key, value)| Copy {
                key: Some(key.to_string()),
                each: Some((key, value)),
                ..Copy::once(true)
            })
            .collect(),
        None => vec![Copy::once(false)],
    }
}

/// Makes every value unknown: it is not certain that there will be such a thing.
fn forget(values: &mut Map<String, Value>) {
    for value in values.values_mut() {
        if hidden(value) != Some(Hidden::Sensitive) {
            *value = unresolved();
        }
    }
}

fn configuration(name: &str, alias: Option<&str>) -> String {
    alias.map_or_else(|| name.to_owned(), |alias| format!("{name}.{alias}"))
}

fn join(address: &str, rest: &str) -> String {
    if address.is_empty() {
        rest.to_owned()
    } else {
        format!("{address}.{rest}")
    }
}
