//! Reading of parameters.

use stance_model::RiskLevel;

use super::*;

fn params(pairs: &[(&str, &str)]) -> Params {
    Params::new(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

fn is_illegal<T: std::fmt::Debug>(result: &Result<T, ApiError>) -> bool {
    matches!(result, Err(ApiError::IllegalParam(_)))
}

#[test]
fn arrays_are_numbered_from_one_in_the_order_of_their_numbers() {
    let many = params(&[
        ("Ids.10", "c"),
        ("Ids.2", "b"),
        ("Ids.1", "a"),
        ("IdsMore.1", "x"),
        ("Id", "y"),
    ]);
    assert_eq!(many.list("Ids").unwrap(), ["a", "b", "c"]);
    assert!(many.list("Absent").unwrap().is_empty());
}

#[test]
fn one_element_may_hold_several() {
    assert_eq!(
        params(&[("Ids.1", "a, b,,c"), ("Ids.2", "d")])
            .list("Ids")
            .unwrap(),
        ["a", "b", "c", "d"]
    );
    assert_eq!(params(&[("Ids", "a,b")]).list("Ids").unwrap(), ["a", "b"]);
    assert!(params(&[("Ids.1", "")]).list("Ids").unwrap().is_empty());
}

#[test]
fn arrays_with_other_numbers_are_illegal() {
    for name in [
        "Ids.0",
        "Ids.x",
        "Ids.",
        "Ids.-1",
        "Ids.1001",
        "Ids.99999999999999999999",
        "Ids.1.Id",
    ] {
        assert!(is_illegal(&params(&[(name, "a")]).list("Ids")), "{name}");
    }
    assert!(is_illegal(
        &params(&[("Ids.1", &"a,".repeat(1_001))]).list("Ids")
    ));
}

#[test]
fn booleans_come_as_python_and_as_others_write_them() {
    for (text, value) in [
        ("True", true),
        ("true", true),
        ("False", false),
        ("false", false),
    ] {
        assert_eq!(params(&[("B", text)]).bool("B").unwrap(), Some(value));
    }
    assert!(is_illegal(&params(&[("B", "1")]).bool("B")));
    assert_eq!(params(&[("B", "")]).bool("B").unwrap(), None);
}

#[test]
fn pages_have_bounds_and_defaults() {
    assert_eq!(
        params(&[]).page().unwrap(),
        PageRequest {
            number: 1,
            size: 20
        }
    );
    let page = params(&[("CurrentPage", "3"), ("PageSize", "100")])
        .page()
        .unwrap();
    assert_eq!(
        page,
        PageRequest {
            number: 3,
            size: 100
        }
    );
    for bad in ["0", "-1", "101", "1.5", "x", "99999999999999999999"] {
        assert!(is_illegal(&params(&[("PageSize", bad)]).page()), "{bad}");
    }
    for bad in ["0", "-1", "4294967297", "x"] {
        assert!(is_illegal(&params(&[("CurrentPage", bad)]).page()), "{bad}");
    }
}

#[test]
fn words_outside_a_closed_list_are_illegal() {
    let read = |text: &str| params(&[("L.1", text)]).words("L", parsed::<RiskLevel>);
    assert_eq!(read("HIGH,LOW").unwrap(), [RiskLevel::High, RiskLevel::Low]);
    assert!(is_illegal(&read("HIGHEST")));
    assert_eq!(params(&[]).lang().unwrap(), Lang::Zh);
    assert!(is_illegal(&params(&[("Lang", "fr")]).lang()));
}

#[test]
fn a_missing_number_names_itself() {
    assert_eq!(
        params(&[]).required_int("CheckId").unwrap_err().code(),
        "MissingCheckId"
    );
    assert!(is_illegal(
        &params(&[("CheckId", "a")]).required_int("CheckId")
    ));
    assert!(is_illegal(
        &params(&[("CheckId", &"1".repeat(2_000))]).required_int("CheckId")
    ));
}
