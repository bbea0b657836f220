//! The list of places in the evidence of an item: shortened by whole places, never in the middle of one.

use serde_json::{Value, json};

/// The list without its last places, shorter by about `over` bytes at least, its last element saying how many were left
/// out; none when there is no place to take, or it is no list.
pub(super) fn shortened(value: &str, over: usize) -> Option<String> {
    let mut places: Vec<Value> = serde_json::from_str(value).ok()?;
    let mut more = match places.last().and_then(|last| last.get("more")) {
        Some(more) => {
            let more = more.as_u64().unwrap_or_default();
            places.pop();
            more
        }
        None => 0,
    };
    let (mut taken, before) = (0, more);
    while taken < over {
        let Some(place) = places.pop() else { break };
        taken += place.to_string().len() + 1;
        more += 1;
    }
    if more == before {
        return None;
    }
    places.push(json!({ "more": more }));
    serde_json::to_string(&places).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_taken_from_the_end_and_counted() {
        let place = |n: u64| json!({"path": format!("/etc/{n}"), "visible": true});
        let list = json!([place(1), place(2), place(3)]).to_string();
        let once = shortened(&list, 1).unwrap();
        assert_eq!(once, json!([place(1), place(2), {"more": 1}]).to_string());
        let twice = shortened(&once, 40).unwrap();
        assert_eq!(twice, json!([{"more": 3}]).to_string());
        assert_eq!(shortened(&twice, 1), None);
    }

    #[test]
    fn what_is_no_list_is_left_alone() {
        for value in ["", "root, app", "{}", "[", "null"] {
            assert_eq!(shortened(value, 1), None, "{value}");
        }
    }
}
