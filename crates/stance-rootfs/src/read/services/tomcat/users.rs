//! The accounts of `tomcat-users.xml`.

use serde_json::{Value, json as object};

use crate::read::services::files::Doc;
use crate::read::services::format::xml::Element;
use crate::read::services::mask;

/// The accounts; of a password only how good it is.
pub(super) fn users(doc: &Doc<'_>, elements: &[Element]) -> Vec<Value> {
    let users = elements.iter().filter(|e| e.name == "user");
    users
        .map(|user| {
            let name = user
                .get("username")
                .or_else(|| user.get("name"))
                .unwrap_or_default();
            let roles = user.get("roles").unwrap_or_default();
            let listed: Vec<&str> = roles
                .split(',')
                .map(str::trim)
                .filter(|r| !r.is_empty())
                .collect();
            let manages = listed.iter().any(|role| is_manager(role));
            object!({
                "name": name,
                "roles": listed,
                "manager": manages,
                "password": mask::quality(user.get("password").unwrap_or_default(), name),
                "at": doc.at(user.line, format!("user {name}, roles {roles}")),
            })
        })
        .collect()
}

/// Whether a role may deploy applications.
fn is_manager(role: &str) -> bool {
    role == "manager"
        || role == "admin"
        || role.starts_with("manager-")
        || role.starts_with("admin-")
}
