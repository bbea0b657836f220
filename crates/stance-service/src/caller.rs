//! Who asks, and what they may ask for.

use serde::Deserialize;
use stance_model::TenantId;

use crate::error::ServiceError;

/// The largest policy document, in bytes: what the store keeps.
const POLICY_BYTES: usize = 16 << 10;

/// Who asks: a principal of a tenant with a policy.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose data they may see.
    pub tenant: TenantId,
    /// Who they are, for logs and authorship: an access key id, or `local`.
    pub principal: String,
    /// What they may do.
    pub policy: Policy,
}

impl Caller {
    /// The person at the command line: may do everything in the tenant.
    #[must_use]
    pub fn local(tenant: TenantId) -> Self {
        Self {
            tenant,
            principal: "local".to_owned(),
            policy: Policy::everything(),
        }
    }

    /// Lets the caller through if the policy allows `action`.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`].
    pub fn authorise(&self, action: &'static str) -> Result<(), ServiceError> {
        if self.policy.allows(action) {
            Ok(())
        } else {
            Err(ServiceError::NoPermission { action })
        }
    }
}

/// What a caller may do: a RAM policy document. A denial wins; what nothing allows is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
}

/// Why a policy document is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the policy is no RAM policy document: {0}; write it like \
     {{\"Version\":\"1\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"yundun-sas:List*\",\"Resource\":\"*\"}}]}}"
)]
pub struct PolicyError(String);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    allow: bool,
    actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Document {
    #[serde(default)]
    version: Option<serde_json::Value>,
    statement: Many<RawStatement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct RawStatement {
    effect: String,
    action: Many<String>,
    #[serde(default)]
    resource: Option<Many<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Many<T> {
    One(T),
    More(Vec<T>),
}

impl<T> Many<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

impl Policy {
    /// Everything.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            statements: vec![Statement {
                allow: true,
                actions: vec!["*".to_owned()],
            }],
        }
    }

    /// Reads a RAM policy document. `Resource` must be `*`: our operations know no smaller one. `Condition` is refused,
    /// since a condition that is not understood must not widen what it was meant to narrow.
    ///
    /// # Errors
    /// [`PolicyError`] says what is wrong.
    pub fn parse(json: &str) -> Result<Self, PolicyError> {
        if json.len() > POLICY_BYTES {
            return Err(PolicyError(format!("longer than {POLICY_BYTES} bytes")));
        }
        let document: Document =
            serde_json::from_str(json).map_err(|e| PolicyError(e.to_string()))?;
        if document
            .version
            .as_ref()
            .is_some_and(|v| *v != "1" && *v != 1)
        {
            return Err(PolicyError("`Version` must be \"1\"".to_owned()));
        }
        let statements = document
            .statement
            .into_vec()
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()?;
        Ok(Self { statements })
    }

    /// Whether it allows an action such as `yundun-sas:ListCheckResult`.
    #[must_use]
    pub fn allows(&self, action: &str) -> bool {
        let matching = |allow: bool| {
            let mut of_effect = self.statements.iter().filter(move |s| s.allow == allow);
            of_effect.any(|s| s.actions.iter().any(|pattern| matches(pattern, action)))
        };
        matching(true) && !matching(false)
    }
}

fn read(raw: RawStatement) -> Result<Statement, PolicyError> {
    let allow = match raw.effect.as_str() {
        "Allow" => true,
        "Deny" => false,
        other => {
            return Err(PolicyError(format!(
                "`Effect` is Allow or Deny, not `{other}`"
            )));
        }
    };
    let resources = raw
        .resource
        .map(Many::into_vec)
        .unwrap_or_else(|| vec!["*".to_owned()]);
    if resources != ["*"] {
        return Err(PolicyError("`Resource` must be \"*\"".to_owned()));
    }
    Ok(Statement {
        allow,
        actions: raw.action.into_vec(),
    })
}

/// Whether a pattern with `*` and `?` matches, whatever the case. Linear in both lengths up to backtracking to the last
/// star.
fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_ascii_lowercase().chars().collect();
    let text: Vec<char> = text.to_ascii_lowercase().chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || text.get(t) == Some(c) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_denials() {
        let policy = Policy::parse(
            r#"{"Version":"1","Statement":[
                {"Effect":"Allow","Action":["yundun-sas:List*"],"Resource":"*"},
                {"Effect":"Deny","Action":"yundun-sas:*Instance*"}]}"#,
        )
        .unwrap();
        assert!(policy.allows("yundun-sas:ListCheckResult"));
        assert!(!policy.allows("yundun-sas:ListCheckInstanceResult"));
        assert!(!policy.allows("yundun-sas:DescribeRiskCheckResult"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for json in [
            "",
            "{}",
            r#"{"Statement":[{"Effect":"allow","Action":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"acs:sas:cn-hangzhou:1:x"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Condition":{}}]}"#,
            r#"{"Version":"2","Statement":[{"Effect":"Allow","Action":"*"}]}"#,
        ] {
            assert!(Policy::parse(json).is_err(), "{json}");
        }
    }
}
