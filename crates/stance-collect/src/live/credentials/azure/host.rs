//! The managed identity of the host: App Service and Functions have an endpoint of their own, virtual machines and
//! containers the metadata service.

use super::cloud::Cloud;
use super::{METADATA_TIME, invalid, token_of};
use crate::live::credential::Credential;
use crate::live::credentials::Surroundings;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::transport::{Network, Transport};

/// A token of the identity of the host; none where it has no identity, or is no host of Azure.
pub(super) fn token(
    surroundings: &Surroundings,
    metadata: &Network,
    cloud: &Cloud,
) -> Result<Option<Credential>, Failure> {
    let client = surroundings.variable("AZURE_CLIENT_ID");
    let endpoint = surroundings.variable("IDENTITY_ENDPOINT");
    let header = surroundings.variable("IDENTITY_HEADER");
    if let (Some(endpoint), Some(header)) = (endpoint, header) {
        return of_app_service(endpoint, header, client, cloud).map(Some);
    }
    let mut request = asked(
        "/metadata/identity/oauth2/token",
        "2018-02-01",
        client,
        cloud,
    );
    request.set("metadata", "true");
    match metadata.send(&request) {
        Ok(answer) if answer.status == 429 || answer.status >= 500 => {
            token_of(&answer, "the metadata service").map(Some)
        }
        // A host without an identity says so with 400; elsewhere something else may answer.
        Ok(answer) => Ok(token_of(&answer, "the metadata service").ok()),
        Err(_) => Ok(None),
    }
}

/// `IDENTITY_ENDPOINT` is a whole address; `IDENTITY_HEADER` keeps other programs from being led to ask it.
fn of_app_service(
    endpoint: &str,
    header: &str,
    client: Option<&str>,
    cloud: &Cloud,
) -> Result<Credential, Failure> {
    let (base, path) = parts(endpoint).ok_or_else(|| {
        invalid("IDENTITY_ENDPOINT is an address such as http://127.0.0.1:8081/msi/token")
    })?;
    let mut request = asked(path, "2019-08-01", client, cloud);
    request.set("x-identity-header", header);
    let network = Network::new(METADATA_TIME, Some(base.to_owned()));
    token_of(&network.send(&request)?, "the identity endpoint")
}

/// `http://host:port` and the path.
fn parts(endpoint: &str) -> Option<(&str, &str)> {
    let start = endpoint.find("://")?.checked_add(3)?;
    let scheme = endpoint.get(..start)?;
    if scheme != "http://" && scheme != "https://" {
        return None;
    }
    let rest = endpoint.get(start..)?;
    let end = start.checked_add(rest.find('/').unwrap_or(rest.len()))?;
    let (base, path) = endpoint.split_at_checked(end)?;
    let path = if path.is_empty() { "/" } else { path };
    (base.len() > start && !path.contains(['?', '#'])).then_some((base, path))
}

fn asked(path: &str, version: &str, client: Option<&str>, cloud: &Cloud) -> Request {
    let mut query = vec![
        ("api-version".to_owned(), version.to_owned()),
        ("resource".to_owned(), cloud.resource()),
    ];
    query.extend(client.map(|client| ("client_id".to_owned(), client.to_owned())));
    Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        query,
        ..Request::default()
    }
}
