//! Which call of the catalogue a request is.

use stance_model::operation::{Api, CallSpec, Style};

use crate::live::build::decoded;
use crate::live::request::Request;

/// A call that the catalogue knows.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) api: Api,
    pub(super) call: CallSpec,
}

impl Known {
    /// Whether a request may be this call, and how closely: the more letters agree, the closer.
    fn likeness(&self, request: &Request) -> Option<usize> {
        let hosts = self.api.hosts.values().chain([&self.api.host]);
        let host = hosts.filter_map(|host| alike(host, &request.host)).max()?;
        match action(request) {
            Some(action) if action == self.call.action => {}
            Some(_) => return None,
            None if named(self.api.style) => return None,
            None => {}
        }
        let path = alike(&self.call.path, &request.path)?;
        let has = |name: &String| request.query.iter().any(|(known, _)| known == name);
        let rest = !named(self.api.style);
        if rest && !self.call.query.iter().all(|(name, _)| has(name)) {
            return None;
        }
        Some(host + path + self.call.query.len())
    }
}

/// The call that a request most likely is.
pub(super) fn find<'k>(all: &'k [Known], request: &Request) -> Option<&'k Known> {
    let alike = all
        .iter()
        .filter_map(|known| Some((known.likeness(request)?, known)));
    alike
        .max_by_key(|(likeness, _)| *likeness)
        .map(|(_, known)| known)
}

/// The action that a request names; none where path and method say what is asked.
pub(super) fn action(request: &Request) -> Option<String> {
    let header = |name| request.header(name).map(str::to_owned);
    let target = || {
        Some(
            request
                .header("x-amz-target")?
                .rsplit('.')
                .next()?
                .to_owned(),
        )
    };
    let form = || form(request).into_iter().find(|(name, _)| name == "Action");
    header("x-acs-action")
        .or_else(|| header("x-tc-action"))
        .or_else(target)
        .or_else(|| form().map(|(_, action)| action))
}

/// The parameters in the form of a body.
pub(super) fn form(request: &Request) -> Vec<(String, String)> {
    let is_form = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let pairs = text.split('&').filter(|_| is_form);
    let pairs = pairs.filter_map(|pair| pair.split_once('='));
    let pairs = pairs.filter_map(|(name, value)| Some((decoded(name)?, decoded(value)?)));
    pairs.collect()
}

/// Whether requests of a style name their action.
fn named(style: Style) -> bool {
    matches!(
        style,
        Style::Rpc | Style::Roa | Style::Tc3 | Style::AwsQuery | Style::AwsEc2 | Style::AwsJson
    )
}

/// Whether a text may come of a template; how many letters of it are the template's own.
fn alike(template: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    let mut count = 0;
    let mut pieces = template.split('{');
    let first = pieces.next().unwrap_or_default();
    rest = rest.strip_prefix(first)?;
    count += first.len();
    for piece in pieces {
        let literal = piece.split_once('}').map_or("", |(_, after)| after);
        let at = match literal {
            "" => rest.len(),
            literal => rest.find(literal)?,
        };
        if at == 0 {
            return None;
        }
        rest = rest.get(at + literal.len()..)?;
        count += literal.len();
    }
    rest.is_empty().then_some(count)
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn templates_are_recognised() {
        assert_eq!(
            alike("rds.{region}.aliyuncs.com", "rds.cn-x.aliyuncs.com"),
            Some(17)
        );
        assert_eq!(
            alike("rds.{region}.aliyuncs.com", "ecs.cn-x.aliyuncs.com"),
            None
        );
        assert_eq!(alike("{item.Name}.oss", "shop.oss"), Some(4));
        assert_eq!(alike("/v3/{project}/x", "/v3/1/x"), Some(6));
        assert_eq!(alike("/", "/"), Some(1));
        assert_eq!(alike("/", "/x"), None);
        assert_eq!(alike("/{id}", "/"), None);
    }
}
