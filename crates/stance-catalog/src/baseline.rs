//! Baselines: named groups of items, which are checks over root file systems.

use std::sync::Arc;

use stance_model::Text;

use crate::check::Check;

/// The baseline that an item belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The key of the class, such as `identification`.
    pub class: String,
    /// The key of the baseline within its class, such as `sudo`.
    pub name: String,
    /// What people call the class.
    pub class_title: Text,
    /// What people call the baseline.
    pub name_title: Text,
}

/// What an item judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// An image, or the root file system of one in a folder.
    Image,
    /// A container: an image with what was changed since it started.
    Container,
}

impl Target {
    /// All.
    pub const ALL: [Self; 2] = [Self::Image, Self::Container];

    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Container => "container",
        }
    }

    /// The asset type of what it is.
    #[must_use]
    pub fn asset_type(self) -> &'static str {
        match self {
            Self::Image => "image/oci/image",
            Self::Container => "image/oci/container",
        }
    }
}

/// A class of baselines.
#[derive(Debug, Clone)]
pub struct BaselineClass {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub title: Text,
    /// The baselines that have items, in the order of the catalogue.
    pub names: Vec<BaselineName>,
}

/// A baseline.
#[derive(Debug, Clone)]
pub struct BaselineName {
    /// Its key, unique within its class.
    pub key: String,
    /// What people call it.
    pub title: Text,
    /// Its items, by id.
    pub items: Vec<Arc<Check>>,
}

/// The classes of the catalogue and of users, as they are declared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes {
    pub(crate) all: Vec<ClassInfo>,
    /// Whether they could be read; if not, what is missing is not reported again at every item.
    pub(crate) broken: bool,
}

/// A class as it is declared.
#[derive(Debug, Clone)]
pub(crate) struct ClassInfo {
    pub(crate) key: String,
    pub(crate) title: Text,
    pub(crate) names: Vec<(String, Text)>,
}

impl Classes {
    pub(crate) fn get(&self, class: &str) -> Option<&ClassInfo> {
        self.all.iter().find(|info| info.key == class)
    }
}

impl ClassInfo {
    pub(crate) fn title_of(&self, name: &str) -> Option<&Text> {
        let found = self.names.iter().find(|(key, _)| key == name);
        found.map(|(_, title)| title)
    }
}

/// The items by class and name: what is declared first, in its order, then what users added.
pub(crate) fn group(classes: &Classes, checks: &[Arc<Check>]) -> Vec<BaselineClass> {
    let mut groups: Vec<BaselineClass> = classes.all.iter().map(declared).collect();
    for check in checks {
        if let Some(baseline) = &check.baseline {
            add(&mut groups, baseline, check);
        }
    }
    for class in &mut groups {
        class.names.retain(|name| !name.items.is_empty());
    }
    groups.retain(|class| !class.names.is_empty());
    groups
}

fn declared(info: &ClassInfo) -> BaselineClass {
    let names = info.names.iter().map(|(key, title)| empty(key, title));
    BaselineClass {
        key: info.key.clone(),
        title: info.title.clone(),
        names: names.collect(),
    }
}

fn empty(key: &str, title: &Text) -> BaselineName {
    BaselineName {
        key: key.to_owned(),
        title: title.clone(),
        items: Vec::new(),
    }
}

/// Adds an item to its baseline, which is made when it is not there yet.
fn add(groups: &mut Vec<BaselineClass>, baseline: &Baseline, item: &Arc<Check>) {
    if !groups.iter().any(|class| class.key == baseline.class) {
        groups.push(BaselineClass {
            key: baseline.class.clone(),
            title: baseline.class_title.clone(),
            names: Vec::new(),
        });
    }
    for class in groups
        .iter_mut()
        .filter(|class| class.key == baseline.class)
    {
        if !class.names.iter().any(|name| name.key == baseline.name) {
            class
                .names
                .push(empty(&baseline.name, &baseline.name_title));
        }
        let names = class.names.iter_mut();
        for name in names.filter(|name| name.key == baseline.name) {
            name.items.push(Arc::clone(item));
        }
    }
}
