//! Who is believed, who is not, and with which code.

use stance_service::NewKey;

use crate::scene::{Answer, NOW, Scene, an_hour};
use crate::sign::{Ask, Key};

/// The same request in each scheme and place.
fn each(key: &Key, change: impl Fn(&mut Ask)) -> Vec<crate::sign::Wire> {
    let ask = || {
        let mut ask = Ask::new("ListCheckResult", NOW, &[("PageSize", "1")]);
        change(&mut ask);
        ask
    };
    vec![ask().v3(key), ask().v1(key, false), ask().v1(key, true)]
}

async fn all(scene: &Scene, key: &Key, change: impl Fn(&mut Ask)) -> Vec<Answer> {
    let mut answers = Vec::new();
    for wire in each(key, change) {
        answers.push(scene.wire(&wire).await);
    }
    answers
}

async fn refused(scene: &Scene, key: &Key, change: impl Fn(&mut Ask), wanted: (&str, u16)) {
    for answer in all(scene, key, change).await {
        assert_eq!(answer.error(), wanted, "{answer:?}");
    }
}

#[tokio::test]
async fn a_signed_request_is_answered_in_either_scheme_and_method() {
    let scene = Scene::new().await;
    for method in ["POST", "GET"] {
        for answer in all(&scene, &scene.key, |ask| ask.method = method).await {
            assert_eq!(
                (answer.status, answer.body["PageInfo"]["Count"].as_u64()),
                (200, Some(1)),
                "{answer:?}"
            );
            assert!(answer.body.get("Code").is_none());
        }
    }
}

#[tokio::test]
async fn a_path_behind_the_endpoint_is_answered_like_the_root() {
    let scene = Scene::new().await;
    for answer in all(&scene, &scene.key, |ask| ask.path = "/prefix/".to_owned()).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let host = |ask: &mut Ask| ask.host = "http://127.0.0.1:18999".to_owned();
    for answer in all(&scene, &scene.key, host).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn keys_that_are_unknown_wrong_or_disabled() {
    let scene = Scene::new().await;
    let unknown = Key {
        id: "LTAInobody".to_owned(),
        ..scene.key.clone()
    };
    refused(
        &scene,
        &unknown,
        |_| {},
        ("InvalidAccessKeyId.NotFound", 404),
    )
    .await;
    let wrong = Key {
        secret: "wrong".to_owned(),
        ..scene.key.clone()
    };
    refused(&scene, &wrong, |_| {}, ("SignatureDoesNotMatch", 400)).await;
    let key = scene.new_key(NewKey::default()).await;
    assert!(
        scene
            .service
            .set_key_enabled(&scene.local, &key.id, false)
            .await
            .unwrap()
    );
    refused(&scene, &key, |_| {}, ("InvalidAccessKeyId.Inactive", 400)).await;
}

#[tokio::test]
async fn temporary_keys_and_their_tokens() {
    let scene = Scene::new().await;
    let key = scene
        .new_key(NewKey {
            temporary_ms: an_hour(),
            ..NewKey::default()
        })
        .await;
    for answer in all(&scene, &key, |_| {}).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    refused(
        &scene,
        &Key {
            token: None,
            ..key.clone()
        },
        |_| {},
        ("MissingSecurityToken", 400),
    )
    .await;
    let with = |token: &str| Key {
        token: Some(token.to_owned()),
        ..key.clone()
    };
    refused(
        &scene,
        &with("another"),
        |_| {},
        ("InvalidSecurityToken.MismatchWithAccessKey", 400),
    )
    .await;
    refused(
        &scene,
        &with(&"x".repeat(5_000)),
        |_| {},
        ("InvalidSecurityToken.Malformed", 400),
    )
    .await;
    let lasting = Key {
        token: key.token.clone(),
        ..scene.key.clone()
    };
    refused(
        &scene,
        &lasting,
        |_| {},
        ("InvalidSecurityToken.MismatchWithAccessKey", 400),
    )
    .await;
}

#[tokio::test]
async fn a_temporary_key_ends() {
    let scene = Scene::new().await;
    let key = scene
        .new_key(NewKey {
            temporary_ms: Some(1),
            ..NewKey::default()
        })
        .await;
    let late = scene.at("2026-06-01T08:30:01Z");
    for answer in all(&late, &key, |_| {}).await {
        assert_eq!(
            answer.error(),
            ("InvalidSecurityToken.Expired", 400),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn the_window_is_fifteen_minutes_either_way() {
    let scene = Scene::new().await;
    for (at, within) in [
        ("2026-06-01T08:15:00Z", true),
        ("2026-06-01T08:45:00Z", true),
        ("2026-06-01T08:14:59Z", false),
        ("2026-06-01T08:45:01Z", false),
        ("0001-01-01T00:00:00Z", false),
        ("9999-01-01T00:00:00Z", false),
    ] {
        for answer in all(&scene, &scene.key, |ask| ask.at = at.to_owned()).await {
            let wanted = if within {
                ("", 200)
            } else {
                ("InvalidTimeStamp.Expired", 400)
            };
            assert_eq!(answer.error(), wanted, "{at}: {answer:?}");
        }
    }
    refused(
        &scene,
        &scene.key,
        |ask| ask.at = "today".to_owned(),
        ("InvalidTimeStamp.Format", 400),
    )
    .await;
}

#[tokio::test]
async fn a_nonce_serves_once_and_only_its_owner_can_use_it_up() {
    let scene = Scene::new().await;
    let named = |nonce: &str| {
        let nonce = nonce.to_owned();
        move |ask: &mut Ask| ask.nonce = nonce.clone()
    };
    let stranger = Key {
        secret: "guessed".to_owned(),
        ..scene.key.clone()
    };
    refused(
        &scene,
        &stranger,
        named("once"),
        ("SignatureDoesNotMatch", 400),
    )
    .await;
    let answers = all(&scene, &scene.key, named("once")).await;
    let codes: Vec<_> = answers.iter().map(Answer::error).collect();
    assert_eq!(
        codes,
        [
            ("", 200),
            ("SignatureNonceUsed", 400),
            ("SignatureNonceUsed", 400)
        ]
    );
    let other = scene.new_key(NewKey::default()).await;
    assert_eq!(
        all(&scene, &other, named("once")).await[0].status,
        200,
        "nonces belong to a key"
    );
    for nonce in [String::new(), "a b".to_owned(), "x".repeat(200)] {
        for answer in all(&scene, &scene.key, named(&nonce)).await {
            assert_eq!(answer.status, 400, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_nonce_is_taken_once_by_many_at_a_time() {
    let scene = Scene::new().await;
    let wire = Ask::new("ListCheckResult", NOW, &[]).v3(&scene.key);
    let senders: Vec<_> = (0..20)
        .map(|_| {
            let (scene, wire) = (scene.clone(), wire.clone());
            tokio::spawn(async move { scene.wire(&wire).await.status })
        })
        .collect();
    let mut served = 0;
    for sender in senders {
        served += usize::from(sender.await.unwrap() == 200);
    }
    assert_eq!(served, 1);
}

#[tokio::test]
async fn policies_limit_what_a_key_may_ask() {
    let scene = Scene::new().await;
    let policy = |effect: &str, action: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}]}}"#
        )
    };
    for (policy, allowed) in [
        (policy("Allow", "yundun-sas:List*"), [true, true, false]),
        (
            policy("Allow", "yundun-sas:DescribeRiskCheckResult"),
            [false, false, true],
        ),
        (policy("Deny", "*"), [false, false, false]),
        (policy("Allow", "*"), [true, true, true]),
    ] {
        let key = scene
            .new_key(NewKey {
                policy: Some(policy.clone()),
                ..NewKey::default()
            })
            .await;
        for (action, allowed) in [
            "ListCheckResult",
            "ListCheckInstanceResult",
            "DescribeRiskCheckResult",
        ]
        .into_iter()
        .zip(allowed)
        {
            let answer = scene
                .wire(&Ask::new(action, NOW, &[("CheckId", "5")]).v3(&key))
                .await;
            assert_eq!(
                answer.error(),
                if allowed {
                    ("", 200)
                } else {
                    ("NoPermission", 403)
                },
                "{action} {policy}"
            );
        }
    }
}

#[tokio::test]
async fn unknown_operations_versions_and_methods() {
    let scene = Scene::new().await;
    let action = |ask: &mut Ask| ask.action = "DropEverything".to_owned();
    refused(&scene, &scene.key, action, ("InvalidAction.NotFound", 404)).await;
    let version = |ask: &mut Ask| ask.version = "2014-05-26".to_owned();
    refused(&scene, &scene.key, version, ("InvalidVersion", 404)).await;
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        refused(
            &scene,
            &scene.key,
            |ask| ask.method = method,
            ("UnsupportedHTTPMethod", 400),
        )
        .await;
    }
}

#[tokio::test]
async fn an_error_has_the_documented_envelope() {
    let scene = Scene::new().await;
    let answer = scene.wire(&Ask::new("None", NOW, &[]).v3(&scene.key)).await;
    let body = answer.body.as_object().unwrap();
    assert_eq!(
        body.keys().collect::<Vec<_>>(),
        ["RequestId", "HostId", "Code", "Message", "Recommend"]
    );
    assert_eq!(body["HostId"], "127.0.0.1:18999");
    let id = body["RequestId"].as_str().unwrap();
    assert_eq!(id, id.to_uppercase());
    let help = format!("?q=InvalidAction.NotFound&product=Sas&requestId={id}");
    assert!(body["Recommend"].as_str().unwrap().ends_with(&help));
}
