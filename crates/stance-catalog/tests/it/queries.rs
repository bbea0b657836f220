//! What others ask the catalogue.

use std::collections::BTreeMap;

use serde_json::json;
use stance_catalog::{Catalog, ParamError, Target};
use stance_model::{AssetType, CheckId};

fn builtin() -> Catalog {
    Catalog::builtin().unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn checks_are_found_by_number_key_and_type() {
    let catalog = builtin();
    for check in catalog.checks() {
        assert_eq!(catalog.get(check.id).unwrap().key, check.key);
        assert_eq!(catalog.by_key(&check.key).unwrap().id, check.id);
        assert!(
            catalog
                .for_type(&check.asset_type)
                .iter()
                .any(|other| other.id == check.id)
        );
        assert_eq!(
            catalog.asset_type(&check.asset_type).unwrap().instance_type,
            check.instance_type
        );
    }
    assert!(
        catalog
            .checks()
            .windows(2)
            .all(|pair| pair[0].id < pair[1].id)
    );
    assert!(catalog.by_key("no.such.check").is_none());
    assert!(catalog.get(CheckId::new(1_000_000).unwrap()).is_none());
    let unknown: AssetType = "aliyun/no/such".parse().unwrap();
    assert!(catalog.for_type(&unknown).is_empty());
}

#[test]
fn every_check_says_where_standards_name_it() {
    let catalog = builtin();
    for check in catalog.checks() {
        let policies = catalog.policies(check.id);
        // Items are shown under their baseline.
        assert_eq!(
            policies.is_empty(),
            check.baseline.is_some(),
            "{}",
            check.key
        );
        assert!(
            policies
                .windows(2)
                .all(|pair| pair[0].standard_id <= pair[1].standard_id)
        );
    }
    let named: usize = catalog
        .checks()
        .iter()
        .map(|check| catalog.policies(check.id).len())
        .sum();
    let sections = catalog
        .standards()
        .iter()
        .flat_map(|s| &s.requirements)
        .flat_map(|r| &r.sections);
    assert_eq!(
        named,
        sections.map(|section| section.checks.len()).sum::<usize>()
    );
}

#[test]
fn parameters_can_be_set_within_their_bounds() {
    let catalog = builtin();
    let with_params = catalog
        .checks()
        .iter()
        .filter(|check| !check.parameters.is_empty());
    let mut tried = 0;
    for check in with_params {
        let parameter = &check.parameters[0];
        let default = BTreeMap::from([(parameter.name.clone(), parameter.default.clone())]);
        assert_eq!(
            check
                .with_params(&default, catalog.types())
                .unwrap()
                .parameters,
            check.parameters
        );
        let object = BTreeMap::from([(parameter.name.clone(), json!({}))]);
        let refused = check.with_params(&object, catalog.types()).unwrap_err();
        assert!(matches!(refused, ParamError::Invalid { .. }), "{refused}");
        tried += 1;
    }
    assert!(tried > 0);
}

#[test]
fn a_parameter_that_is_not_there_cannot_be_set() {
    let catalog = builtin();
    let values = BTreeMap::from([("no_such".to_owned(), json!(1))]);
    let error = catalog.checks()[0]
        .with_params(&values, catalog.types())
        .unwrap_err();
    assert!(matches!(error, ParamError::Unknown { .. }), "{error}");
}

#[test]
fn items_are_in_baselines_and_judge_their_targets() {
    let catalog = builtin();
    let grouped = catalog.baselines().iter().flat_map(|class| {
        let names = class.names.iter();
        names.flat_map(move |name| name.items.iter().map(move |item| (class, name, item)))
    });
    let mut count = 0;
    for (class, name, item) in grouped {
        let baseline = item.baseline.as_ref().unwrap();
        assert_eq!((&baseline.class, &baseline.name), (&class.key, &name.key));
        for target in Target::ALL {
            let judged = catalog.for_type(&target.asset_type().parse().unwrap());
            let is_judged = judged.iter().any(|other| other.id == item.id);
            assert_eq!(is_judged, item.targets.contains(&target), "{}", item.key);
        }
        count += 1;
    }
    let items = catalog.checks().iter().filter(|c| c.baseline.is_some());
    assert_eq!(count, items.count());
    let rules = catalog.secret_rules();
    assert!(!rules.is_empty() && count > rules.len());
    for rule in rules {
        assert_eq!(catalog.get(rule.check_id).unwrap().key, rule.key);
    }
}
