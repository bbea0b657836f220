//! Where something is: accounts and regions in the attributes of resources.

use super::resource::Resource;

/// The account of what names none: it is only known to be managed by Terraform.
pub(super) const ACCOUNT: &str = "terraform";

/// The region of what names none.
pub(super) const REGION: &str = "unknown";

/// The region of a zone of Alibaba Cloud or AWS: `cn-hangzhou-h`, `cn-hangzhou-MAZ5(b,c)`, `ap-southeast-1a`,
/// `us-east-1a`.
pub(super) fn region_of_zone(zone: &str) -> Option<String> {
    let zone = zone.split_once("-MAZ").map_or(zone, |(region, _)| region);
    let letter = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase());
    let region = match zone.rsplit_once('-') {
        Some((region, last)) if letter(last) => region,
        _ => zone
            .strip_suffix(|c: char| c.is_ascii_lowercase())
            .filter(|r| r.ends_with(|c: char| c.is_ascii_digit()))
            .unwrap_or(zone),
    };
    region.contains('-').then(|| region.to_owned())
}

/// The region of a resource by the first of these attributes that names a zone.
pub(super) fn by_zone(resource: &Resource, attributes: &[&str]) -> Option<String> {
    attributes
        .iter()
        .find_map(|name| resource.identity(name))
        .and_then(|zone| region_of_zone(&zone))
}

/// The region of a zone of Tencent Cloud: `ap-guangzhou-3`.
pub(super) fn tencent(resource: &Resource) -> Option<String> {
    let zone = resource.identity("availability_zone")?;
    let (region, number) = zone.rsplit_once('-')?;
    number
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| region.to_owned())
}

/// The region and account in an ARN: `arn:aws:rds:us-east-1:200000000001:db:orders`.
pub(super) fn arn(resource: &Resource) -> (Option<String>, Option<String>) {
    let arn = resource.identity("arn").unwrap_or_default();
    let mut parts = arn
        .split(':')
        .skip(3)
        .map(|part| Some(part.to_owned()).filter(|p| !p.is_empty()));
    (parts.next().flatten(), parts.next().flatten())
}

/// The subscription in an id of Azure: `/subscriptions/<subscription>/resourceGroups/…`.
pub(super) fn subscription(resource: &Resource) -> Option<String> {
    let id = resource.identity("id")?;
    let rest = id.strip_prefix("/subscriptions/")?;
    rest.split('/')
        .next()
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
}

/// A location of Azure in the short form that its API answers: `East US` is `eastus`.
pub(super) fn location(resource: &Resource) -> Option<String> {
    let location = resource.identity("location")?;
    Some(
        location
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_name_their_region() {
        for (zone, region) in [
            ("cn-hangzhou-h", "cn-hangzhou"),
            ("cn-hangzhou-MAZ5(b,c)", "cn-hangzhou"),
            ("ap-southeast-1a", "ap-southeast-1"),
            ("us-east-1f", "us-east-1"),
        ] {
            assert_eq!(region_of_zone(zone).as_deref(), Some(region), "{zone}");
        }
        assert_eq!(region_of_zone("zone"), None);
    }
}
