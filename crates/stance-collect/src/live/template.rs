//! `{region}`, `{item.DBInstanceId}`: values that go into requests.

use serde_json::Value;

use super::path;

/// What the names in templates stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vars<'v> {
    /// The account.
    pub(super) account: &'v str,
    /// The region; `global` where there is none.
    pub(super) region: &'v str,
    /// The project of the region, where the provider has such.
    pub(super) project: &'v str,
    /// The elements of the listings around, the innermost last.
    pub(super) parents: &'v [Value],
    /// The element of the listing.
    pub(super) item: Option<&'v Value>,
    /// The element of an earlier fact.
    pub(super) each: Option<&'v Value>,
}

/// A name in a template stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoValue(pub(super) String);

impl Vars<'_> {
    /// The text with its names replaced.
    pub(super) fn fill(&self, template: &str) -> Result<String, NoValue> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                return Err(NoValue(template.to_owned()));
            };
            filled.push_str(&self.named(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// The value at a name that begins with an element.
    fn found(&self, name: &str) -> Option<&Value> {
        match name.split_once('.')? {
            ("item", rest) => self.item.and_then(|item| path::get(item, rest)),
            ("each", rest) => self.each.and_then(|each| path::get(each, rest)),
            ("parent", rest) => self.parents.last().and_then(|p| path::get(p, rest)),
            ("root", rest) => self.parents.first().and_then(|p| path::get(p, rest)),
            _ => None,
        }
    }

    /// The number that a template alone stands for: JSON requests take it as the answer gave it.
    fn number(&self, template: &str) -> Option<Value> {
        let name = template.strip_prefix('{')?.strip_suffix('}')?;
        self.found(name).filter(|value| value.is_number()).cloned()
    }

    /// What a name stands for; `{item.Name:@}` is only what comes before the first `@`.
    fn named(&self, name: &str) -> Result<String, NoValue> {
        let (name, end) = name.split_once(':').unwrap_or((name, ""));
        let value = self.found(name);
        let plain = match name {
            "account" => Some(self.account.to_owned()),
            // A project within a region of Huawei Cloud is named after it: `cn-north-4_dev`.
            "region" => self.region.split('_').next().map(str::to_owned),
            "project" => Some(self.project.to_owned()),
            "item" => self.item.and_then(path::text),
            _ => value.and_then(path::text),
        };
        let until = |text: String| match text.split_once(end) {
            Some((before, _)) if !end.is_empty() => before.to_owned(),
            _ => text,
        };
        plain
            .map(until)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| NoValue(name.to_owned()))
    }

    /// A parameter's value with its names replaced, in lists and objects too.
    pub(super) fn fill_value(&self, value: &Value) -> Result<Value, NoValue> {
        Ok(match value {
            Value::String(template) => match self.number(template) {
                Some(number) => number,
                None => Value::String(self.fill(template)?),
            },
            Value::Array(items) => {
                let filled: Result<Vec<Value>, NoValue> =
                    items.iter().map(|item| self.fill_value(item)).collect();
                Value::Array(filled?)
            }
            Value::Object(map) => {
                let pairs = map
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.fill_value(value)?)));
                Value::Object(pairs.collect::<Result<_, NoValue>>()?)
            }
            other => other.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_filled_and_numbers_stay_numbers() {
        let item = json!({"Uin": 100027755407_u64, "Name": "ops", "Mail": "ops@shop.example"});
        let vars = Vars {
            account: "a",
            region: "cn-north-4_dev",
            project: "p",
            parents: &[],
            item: Some(&item),
            each: None,
        };
        let asked = json!({"SubUin": "{item.Uin}", "Text": "u/{item.Uin}", "L": ["{item.Name}"]});
        assert_eq!(
            vars.fill_value(&asked),
            Ok(json!({"SubUin": 100027755407_u64, "Text": "u/100027755407", "L": ["ops"]}))
        );
        assert_eq!(
            vars.fill("ecs.{region}.myhuaweicloud.com"),
            Ok("ecs.cn-north-4.myhuaweicloud.com".to_owned())
        );
        assert_eq!(vars.fill("{item.Mail:@}"), Ok("ops".to_owned()));
        assert_eq!(vars.fill("{item.X}"), Err(NoValue("item.X".to_owned())));
    }
}
