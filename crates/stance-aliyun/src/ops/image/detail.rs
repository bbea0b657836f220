//! `DescribeImageBaselineDetail`: one item, and where it was found.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::{Finding, Lang, Text};
use stance_service::ItemDetail;

use super::{Call, object};
use crate::error::ApiError;

/// Answers `DescribeImageBaselineDetail`. Without an image it says what the item is.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let uuid = call.params.text("ImageUuid")?;
    let key = call.params.required("BaselineItemKey")?;
    let found = call
        .service
        .describe_image_baseline_detail(call.caller, key, uuid)
        .await?;
    object(&Response {
        baseline_detail: Detail::new(&found, lang),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    baseline_detail: Detail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail<'a> {
    baseline_class_alias: &'a str,
    baseline_name_alias: &'a str,
    baseline_item_key: &'a str,
    baseline_item_alias: &'a str,
    description: &'a str,
    advice: &'a str,
    level: &'static str,
    /// A line for each place; else why there is no verdict; else empty.
    prompt: String,
    /// The number of the result; empty without one.
    result_id: String,
}

impl<'a> Detail<'a> {
    fn new(found: &'a ItemDetail, lang: Lang) -> Self {
        Self {
            baseline_class_alias: found.baseline.class_title.get(lang),
            baseline_name_alias: found.baseline.name_title.get(lang),
            baseline_item_key: &found.key,
            baseline_item_alias: found.title.get(lang),
            description: found.description.get(lang),
            advice: found.solution.get(lang),
            level: found.level.key(),
            prompt: prompt(found, lang),
            result_id: found.result_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

fn prompt(found: &ItemDetail, lang: Lang) -> String {
    let places = found.findings.places.iter();
    let mut lines: Vec<String> = places.map(|place| line(place, lang)).collect();
    if found.findings.more > 0 {
        let more = found.findings.more;
        lines.push(Text::pick(
            lang,
            format!("另有 {more} 处"),
            format!("and {more} more"),
        ));
    }
    lines.extend(found.reason.as_ref().map(|reason| reason.show(lang)));
    lines.join("\n")
}

/// `path:line what (layer …)`.
fn line(place: &Finding, lang: Lang) -> String {
    let mut line = place.at();
    if !place.what.is_empty() {
        line.push(' ');
        line.push_str(&place.what);
    }
    let layer = place.short_layer();
    let layer = layer.map(|layer| match lang {
        Lang::Zh => format!("镜像层 {layer}"),
        Lang::En => format!("layer {layer}"),
    });
    let hidden = Text::pick(
        lang,
        "已被后续层删除或替换",
        "deleted or replaced by a later layer",
    );
    let hidden = (!place.visible).then(|| hidden.to_owned());
    let about: Vec<String> = layer.into_iter().chain(hidden).collect();
    if !about.is_empty() {
        let about = about.join(Text::pick(lang, "，", ", "));
        line.push_str(&match lang {
            Lang::Zh => format!("（{about}）"),
            Lang::En => format!(" ({about})"),
        });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_path_line_what_and_layer() {
        let mut place = Finding {
            path: "/app/.env".to_owned(),
            line: Some(3),
            layer: Some("sha256:0123456789abcdef".to_owned()),
            visible: true,
            what: "LTAI5t**********".to_owned(),
            ..Finding::default()
        };
        assert_eq!(
            line(&place, Lang::En),
            "/app/.env:3 LTAI5t********** (layer 0123456789ab)"
        );
        place.visible = false;
        assert_eq!(
            line(&place, Lang::Zh),
            "/app/.env:3 LTAI5t**********（镜像层 0123456789ab，已被后续层删除或替换）"
        );
        place = Finding {
            path: "config:User".to_owned(),
            visible: true,
            ..Finding::default()
        };
        assert_eq!(line(&place, Lang::En), "config:User");
    }
}
