//! `DescribeAllImageBaseline`: the catalogue of baselines.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::Lang;
use stance_service::{ClassView, NameView};

use super::{Call, object};
use crate::error::ApiError;

/// Answers `DescribeAllImageBaseline`.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let classes = call.service.describe_all_image_baseline(call.caller)?;
    object(&Response {
        image_baselines: ImageBaselines {
            baseline_class_list: classes
                .iter()
                .map(|class| Class::new(class, lang))
                .collect(),
        },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    image_baselines: ImageBaselines<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ImageBaselines<'a> {
    baseline_class_list: Vec<Class<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Class<'a> {
    class_key: &'a str,
    alias: &'a str,
    baseline_name_list: Vec<Name<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Name<'a> {
    class_key: &'a str,
    name_key: &'a str,
    alias: &'a str,
    baseline_item_list: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    class_key: &'a str,
    name_key: &'a str,
    item_key: &'a str,
    alias: &'a str,
}

impl<'a> Class<'a> {
    fn new(class: &'a ClassView, lang: Lang) -> Self {
        let names = class.names.iter();
        Self {
            class_key: &class.key,
            alias: class.title.get(lang),
            baseline_name_list: names
                .map(|name| Name::new(&class.key, name, lang))
                .collect(),
        }
    }
}

impl<'a> Name<'a> {
    fn new(class_key: &'a str, name: &'a NameView, lang: Lang) -> Self {
        let item = |(key, title): &'a (String, stance_model::Text)| Item {
            class_key,
            name_key: &name.key,
            item_key: key,
            alias: title.get(lang),
        };
        Self {
            class_key,
            name_key: &name.key,
            alias: name.title.get(lang),
            baseline_item_list: name.items.iter().map(item).collect(),
        }
    }
}
