//! The Azure CLI, for people: whoever ran `az login`.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::cloud::Cloud;
use super::{bearer, invalid};
use crate::live::credential::Credential;
use crate::live::credentials::program::{self, Ended};
use crate::live::failure::Failure;

/// How long it may take; it is a Python program that may have to ask for a new token.
const TIME: Duration = Duration::from_secs(60);

/// A token of the person who is logged in; none where there is no such program.
pub(super) fn token(az: &Path, cloud: &Cloud) -> Result<Option<Credential>, Failure> {
    let resource = cloud.resource();
    let arguments = [
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        &resource,
    ];
    let printed = match program::run(az, &arguments, TIME) {
        Ok(Ended::Well(printed)) => printed,
        Ok(Ended::Missing) => return Ok(None),
        Ok(Ended::Badly) => {
            return Err(invalid(
                "`az account get-access-token` fails: run `az login`, then try again",
            ));
        }
        Err(error) => return Err(invalid(format!("`az account get-access-token`: {error}"))),
    };
    let value: Value = serde_json::from_slice(&printed).unwrap_or_default();
    let token = value.get("accessToken").and_then(Value::as_str);
    match token.filter(|token| !token.is_empty()) {
        Some(token) => Ok(Some(bearer(token))),
        None => Err(invalid(
            "`az account get-access-token` prints no `accessToken`",
        )),
    }
}
