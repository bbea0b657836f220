use proptest::prelude::*;

use super::{ImageRef, LocalName, Reference};
use crate::container::Runtime;
use crate::reference::image_uuid;
use crate::source::ImageKind;

const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn parts(text: &str) -> [String; 4] {
    let parsed: Reference = text.parse().unwrap();
    let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
    [
        parsed.registry().to_owned(),
        parsed.repository().to_owned(),
        text(parsed.tag()),
        text(parsed.digest()),
    ]
}

#[test]
fn defaults_are_those_of_docker() {
    for (text, wanted, shown) in [
        (
            "debian",
            ["docker.io", "library/debian", "latest", "-"],
            "debian:latest",
        ),
        (
            "shop/web:v1",
            ["docker.io", "shop/web", "v1", "-"],
            "shop/web:v1",
        ),
        (
            "docker.io/debian:12",
            ["docker.io", "library/debian", "12", "-"],
            "debian:12",
        ),
        (
            "index.docker.io/a/b",
            ["docker.io", "a/b", "latest", "-"],
            "a/b:latest",
        ),
        (
            "localhost/web",
            ["localhost", "web", "latest", "-"],
            "localhost/web:latest",
        ),
        (
            "localhost:5000/web:1",
            ["localhost:5000", "web", "1", "-"],
            "localhost:5000/web:1",
        ),
        (
            "[::1]:5000/a/b__c",
            ["[::1]:5000", "a/b__c", "latest", "-"],
            "[::1]:5000/a/b__c:latest",
        ),
        (
            "[2001:db8::1]/a",
            ["[2001:db8::1]", "a", "latest", "-"],
            "[2001:db8::1]/a:latest",
        ),
        (
            "Registry.Example/a.b-c--d",
            ["registry.example", "a.b-c--d", "latest", "-"],
            "registry.example/a.b-c--d:latest",
        ),
        (
            "localhost2/a",
            ["docker.io", "localhost2/a", "latest", "-"],
            "localhost2/a:latest",
        ),
    ] {
        assert_eq!(parts(text), wanted, "{text}");
        assert_eq!(text.parse::<Reference>().unwrap().to_string(), shown);
    }
}

#[test]
fn a_digest_needs_no_tag_and_the_history_follows_the_tag() {
    let digest = format!("sha256:{HEX}");
    let both: Reference = format!("127.0.0.1:5000/web:v1@{digest}").parse().unwrap();
    assert_eq!((both.tag(), both.wanted()), (Some("v1"), digest.as_str()));
    assert_eq!(both.tracked(), "127.0.0.1:5000/web:v1");
    let only: Reference = format!("web@{digest}").parse().unwrap();
    assert_eq!(
        (only.tag(), only.namespace(), only.name()),
        (None, "library", "web")
    );
    assert_eq!(only.tracked(), format!("web@{digest}"));
}

#[test]
fn what_is_no_reference_says_why() {
    for (text, why) in [
        ("", "empty"),
        ("Web", "upper-case"),
        ("web/", "empty segment"),
        ("/web", "empty segment"),
        ("a//b", "empty segment"),
        ("web:", "tag"),
        ("web:.x", "tag"),
        ("web:v 1", "tag"),
        ("web@sha256:12", "digest"),
        ("web@md5:00", "digest"),
        ("a...b", "parted"),
        ("a___b", "parted"),
        ("-a", "parted"),
        ("a_", "parted"),
        ("host:99999/a", "port"),
        ("host:0/a", "port"),
        ("host:+1/a", "port"),
        ("-x.example/a", "host name"),
        ("[::g]/a", "IPv6"),
        ("[::1]x/a", "port after"),
        (HEX, "image id"),
        ("a\u{200b}b", "parted"),
    ] {
        let error = text.parse::<Reference>().unwrap_err().to_string();
        assert!(error.contains(why), "`{text}`: {error}");
    }
    let long = "a"
        .repeat(256)
        .parse::<Reference>()
        .unwrap_err()
        .to_string();
    assert!(long.contains("255") && long.len() < 300, "{long}");
    assert!(
        format!("a:{}", "t".repeat(129))
            .parse::<Reference>()
            .is_err()
    );
    assert!(
        format!("a:{}", "t".repeat(128))
            .parse::<Reference>()
            .is_ok()
    );
}

#[test]
fn every_form_of_a_source_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("layout")).unwrap();
    std::fs::write(at.join("layout/oci-layout"), "{}").unwrap();
    std::fs::write(at.join("a:b.tar"), "").unwrap();
    let path = |name: &str| at.join(name).display().to_string();
    let layout = |name: Option<&str>| ImageRef::Layout {
        path: at.join("layout"),
        name: name.map(str::to_owned),
    };
    let archive = |name: Option<&str>| ImageRef::Archive {
        path: at.join("a:b.tar"),
        name: name.map(str::to_owned),
    };
    for (text, wanted) in [
        (
            format!("oci:{}:web:v1", path("layout")),
            layout(Some("web:v1")),
        ),
        (format!("oci:{}", path("layout")), layout(None)),
        (path("layout"), layout(None)),
        (path("a:b.tar"), archive(None)),
        (format!("docker-archive:{}", path("a:b.tar")), archive(None)),
        (
            format!("oci-archive:{}:x", path("a:b.tar")),
            archive(Some("x")),
        ),
        (path(""), ImageRef::Folder { path: at.join("") }),
        (
            "rootfs:/srv/x:y".into(),
            ImageRef::Folder {
                path: "/srv/x:y".into(),
            },
        ),
        ("dir:x".into(), ImageRef::Folder { path: "x".into() }),
        (
            "docker://web:1".into(),
            ImageRef::Registry("web:1".parse().unwrap()),
        ),
        (
            "oci/web".into(),
            ImageRef::Registry("oci/web".parse().unwrap()),
        ),
        (
            "container:web".into(),
            ImageRef::Container {
                runtime: None,
                id: "web".into(),
            },
        ),
        (
            "container:podman/3f2a".into(),
            ImageRef::Container {
                runtime: Some(Runtime::Podman),
                id: "3f2a".into(),
            },
        ),
    ] {
        assert_eq!(text.parse::<ImageRef>().unwrap(), wanted, "{text}");
    }
}

#[test]
fn sources_that_cannot_be_say_why() {
    for (text, why) in [
        ("oci:", "no path"),
        ("oci:/nowhere:", "no name"),
        ("rootfs:", "no path"),
        ("container:", "letters"),
        ("container:lxc/a", "docker, podman or containerd"),
        ("container:docker/../etc", "letters"),
        ("./nowhere.tar", "no such file"),
        ("https://host/a", "docker://"),
        ("a\0b", "NUL"),
    ] {
        let error = text.parse::<ImageRef>().unwrap_err().to_string();
        assert!(error.contains(why), "`{text}`: {error}");
    }
}

#[test]
fn a_local_name_is_taken_apart() {
    for (text, namespace, name, tag) in [
        ("planted:v1", "", "planted", "v1"),
        ("/srv/images:v1", "/srv", "images", "v1"),
        ("/srv/root", "/srv", "root", ""),
        ("host:5000/a/b:1", "host:5000/a", "b", "1"),
    ] {
        let wanted = LocalName {
            namespace,
            name,
            tag,
        };
        assert_eq!(LocalName::of(text), wanted);
    }
}

#[test]
fn the_id_follows_kind_account_and_name() {
    let id = image_uuid(ImageKind::Image, "docker.io", "debian:12");
    assert_eq!(id, "a022770d4d16c78324dc0fb22510b0d8");
    assert_eq!(id, image_uuid(ImageKind::Rootfs, "docker.io", "debian:12"));
    assert_ne!(
        id,
        image_uuid(ImageKind::Container, "docker.io", "debian:12")
    );
    assert_ne!(id, image_uuid(ImageKind::Image, "docker.io", "debian:11"));
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_shown_is_read_again(text in "[a-zA-Z0-9:/@._\\[\\]\\-é]{0,60}") {
        if let Ok(reference) = text.parse::<Reference>() {
            let again: Reference = reference.to_string().parse().unwrap();
            prop_assert_eq!(reference, again);
        }
        let _ = text.parse::<ImageRef>();
    }
}
