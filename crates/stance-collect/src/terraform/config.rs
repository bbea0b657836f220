//! The `configuration` of a plan: what an attribute's expression refers to, and the regions of providers.
//!
//! Ids of what a plan creates are not known, so that only the expressions say which rule belongs to which group.

use std::collections::HashMap;

use serde_json::Value;

use super::MAX_DEPTH;

/// What the configuration says of one resource.
#[derive(Debug)]
pub(super) struct Declared {
    /// The key of its provider's configuration.
    pub(super) provider: String,
    /// The attributes that have an expression, and what it refers to.
    pub(super) references: Vec<(String, Vec<String>)>,
}

/// The configuration of a plan.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// By address without instance keys.
    resources: HashMap<String, Declared>,
    /// By key of the provider's configuration.
    regions: HashMap<String, String>,
}

impl Configuration {
    pub(super) fn read(configuration: &Value, variables: &Value) -> Self {
        let mut read = Self::default();
        if let Some(root) = configuration.get("root_module") {
            read.module(root, "", 0);
        }
        let providers = configuration
            .get("provider_config")
            .and_then(Value::as_object);
        for (key, provider) in providers.into_iter().flatten() {
            if let Some(region) = region(provider, variables) {
                read.regions.insert(key.clone(), region);
            }
        }
        read
    }

    /// What it says of a resource in a module instance.
    pub(super) fn find(&self, module: &str, kind: &str, name: &str) -> Option<&Declared> {
        let module = without_keys(module);
        self.resources
            .get(&join(&module, &format!("{kind}.{name}")))
    }

    /// The region of a provider's configuration.
    pub(super) fn region(&self, provider: &str) -> Option<String> {
        self.regions.get(provider).cloned()
    }

    fn module(&mut self, module: &Value, address: &str, depth: usize) {
        for resource in module
            .get("resources")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let text = |key: &str| {
                resource
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let key = join(address, &format!("{}.{}", text("type"), text("name")));
            self.resources.insert(key, declared(resource));
        }
        let calls = module.get("module_calls").and_then(Value::as_object);
        for (name, call) in calls.into_iter().flatten().filter(|_| depth < MAX_DEPTH) {
            if let Some(inner) = call.get("module") {
                self.module(inner, &join(address, &format!("module.{name}")), depth + 1);
            }
        }
    }
}

fn join(module: &str, rest: &str) -> String {
    if module.is_empty() {
        rest.to_owned()
    } else {
        format!("{module}.{rest}")
    }
}

fn declared(resource: &Value) -> Declared {
    let provider = resource.get("provider_config_key").and_then(Value::as_str);
    let expressions = resource.get("expressions").and_then(Value::as_object);
    let references = expressions
        .into_iter()
        .flatten()
        .map(|(attribute, expression)| {
            let mut targets = Vec::new();
            collect(expression, &mut targets);
            (attribute.clone(), targets)
        });
    Declared {
        provider: provider.unwrap_or_default().to_owned(),
        references: references.collect(),
    }
}

/// The references of an expression, those in nested blocks included.
fn collect(expression: &Value, targets: &mut Vec<String>) {
    match expression {
        Value::Array(blocks) => blocks.iter().for_each(|block| collect(block, targets)),
        Value::Object(members) => match members.get("references").and_then(Value::as_array) {
            Some(list) => targets.extend(list.iter().filter_map(|t| t.as_str().map(str::to_owned))),
            None => members.values().for_each(|member| collect(member, targets)),
        },
        _ => {}
    }
}

/// The region that a provider's configuration names: literally, or by a variable of the root module.
fn region(provider: &Value, variables: &Value) -> Option<String> {
    let expression = provider.get("expressions")?.get("region")?;
    if let Some(constant) = expression.get("constant_value") {
        return constant.as_str().map(str::to_owned);
    }
    // A provider of another module has other variables.
    if provider.get("module_address").is_some() {
        return None;
    }
    match expression.get("references")?.as_array()?.as_slice() {
        [Value::String(one)] => {
            let variable = variables.get(one.strip_prefix("var.")?)?;
            variable.get("value")?.as_str().map(str::to_owned)
        }
        _ => None,
    }
}

/// An address without the keys of instances: `module.net["a.b"].x` is `module.net.x`.
pub(super) fn without_keys(address: &str) -> String {
    let (mut plain, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    for c in address.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_instances_are_no_part_of_the_declaration() {
        assert_eq!(
            without_keys(r#"module.net["a.b]\"c"].x.y[0]"#),
            "module.net.x.y"
        );
        assert_eq!(without_keys("x.y"), "x.y");
    }
}
