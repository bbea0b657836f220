//! Single sign-on: the token that `aws sso login` left is exchanged for keys of a role.

use jiff::Timestamp;
use serde_json::Value;
use sha1::{Digest, Sha1};
use stance_model::{Clock, ReasonKind};

use super::profile::{Files, Profile, filled};
use super::{Chain, invalid, keys, read};
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::transport::Transport;

impl Chain {
    /// The keys of a profile with single sign-on; none where it has none.
    pub(super) fn of_sso(
        &self,
        files: &Files,
        profile: &Profile<'_>,
    ) -> Result<Option<Credential>, Failure> {
        let account = profile.value("sso_account_id");
        let (Some(account), Some(role)) = (account, profile.value("sso_role_name")) else {
            return Ok(None);
        };
        let broken = |why: &str| invalid(format!("the profile `{}` of AWS {why}", profile.name));
        let session = profile.value("sso_session");
        let section = session.and_then(|name| files.config.get(&format!("sso-session {name}")));
        let value = |key| {
            section
                .and_then(|s| filled(s, key))
                .or_else(|| profile.value(key))
        };
        let (Some(start), Some(region)) = (value("sso_start_url"), value("sso_region")) else {
            return Err(broken("has no address or region of single sign-on"));
        };
        if !region
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            return Err(broken("has no region in `sso_region`"));
        }
        let token = self.sso_token(session.unwrap_or(start), profile.name)?;
        self.of_portal(region, &token, account, role).map(Some)
    }

    /// The token in the cache of the command line.
    fn sso_token(&self, about: &str, profile: &str) -> Result<String, Failure> {
        let again = || {
            let why = format!("sign in with `aws sso login --profile {profile}`");
            Failure::own(ReasonKind::CredentialExpired, "", why)
        };
        let name = format!("{}.json", hex::encode(Sha1::digest(about.as_bytes())));
        let home = self.surroundings.home.as_ref();
        let path = home.map(|home| home.join(".aws/sso/cache").join(name));
        let path = path.filter(|path| path.is_file()).ok_or_else(again)?;
        let cached: Value = serde_json::from_str(&read(&path)?).map_err(|_| again())?;
        let part = |name| cached.get(name).and_then(Value::as_str);
        let ends: Option<Timestamp> = part("expiresAt").and_then(|text| text.parse().ok());
        if ends.is_some_and(|ends| ends <= Clock::System.now()) {
            return Err(again());
        }
        part("accessToken").map(str::to_owned).ok_or_else(again)
    }

    fn of_portal(
        &self,
        region: &str,
        token: &str,
        account: &str,
        role: &str,
    ) -> Result<Credential, Failure> {
        let mut request = Request {
            method: "GET".to_owned(),
            host: format!("portal.sso.{region}.amazonaws.com"),
            path: "/federation/credentials".to_owned(),
            query: vec![
                ("role_name".to_owned(), role.to_owned()),
                ("account_id".to_owned(), account.to_owned()),
            ],
            ..Request::default()
        };
        request.set("x-amz-sso_bearer_token", token);
        let answer = self.services.send(&request)?;
        let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let names = ["accessKeyId", "secretAccessKey", "sessionToken"];
        let found = value.get("roleCredentials").and_then(|v| keys(v, names));
        let why = || {
            invalid(format!(
                "single sign-on gives no keys of `{role}` in {account}"
            ))
        };
        found.ok_or_else(why)
    }
}
