//! The traps that the vendor's SDKs hold, and what no SDK sends.

use super::*;

#[tokio::test]
async fn the_signed_path_is_the_root_whatever_path_arrives() {
    let query = QUERY_3A.strip_prefix('/').unwrap();
    assert!(
        vector_3a(&format!("/ali/{query}"))
            .claim()
            .await
            .unwrap()
            .holds(SECRET)
    );
    let query = QUERY_4A.strip_prefix('/').unwrap();
    assert!(
        Wire::new("POST", &format!("/a/b/{query}"))
            .claim()
            .await
            .unwrap()
            .holds(SECRET)
    );
}

#[tokio::test]
async fn a_parameter_may_stand_in_the_query_and_another_in_the_form() {
    let (query, moved) = QUERY_4A
        .split_once("&CheckKey=OSS+a%2Bb%2A~%2F%E4%B8%AD")
        .unwrap();
    let mut wire = Wire::new("POST", &format!("{query}{moved}")).header(
        "content-type",
        "application/x-www-form-urlencoded; charset=utf-8",
    );
    wire.body = "CheckKey=OSS+a%2Bb%2A~%2F%E4%B8%AD";
    assert!(wire.claim().await.unwrap().holds(SECRET));
}

#[tokio::test]
async fn the_method_is_part_of_what_version_1_signs() {
    assert!(
        !Wire::new("GET", QUERY_4A)
            .claim()
            .await
            .unwrap()
            .holds(SECRET)
    );
}

#[tokio::test]
async fn a_mismatch_of_version_1_repeats_the_string_to_sign_after_its_only_colon() {
    let claim = Wire::new("POST", QUERY_4A).claim().await.unwrap();
    let string_to_sign = claim.string_to_sign().to_owned();
    let message = claim.mismatch().to_string();
    assert_eq!(message.split_once(':').unwrap().1, string_to_sign);
}

#[tokio::test]
async fn bearer_tokens_are_refused_in_either_scheme() {
    let v3 = Wire::v3("/?SignatureType=BEARERTOKEN", "ListCheckResult", "bearer")
        .header("x-acs-bearer-token", "t");
    assert_eq!(v3.code().await, "InvalidSignatureType");
    let v1 = "/?Action=ListCheckResult&Version=2018-12-03&BearerToken=t&SignatureType=BEARERTOKEN";
    assert_eq!(Wire::new("POST", v1).code().await, "InvalidSignatureType");
    assert_eq!(
        Wire::new("POST", "/")
            .header("authorization", "Bearer t")
            .code()
            .await,
        "InvalidSignatureType"
    );
}

#[tokio::test]
async fn other_algorithms_are_refused() {
    let wire = vector_3a(QUERY_3A);
    let sm3 = wire.headers.last().unwrap().1.replace("SHA256 ", "SM3 ");
    let v3 = Wire {
        headers: vec![("authorization", sm3)],
        ..wire
    };
    assert_eq!(v3.code().await, "InvalidSignatureMethod");
    let v1 = QUERY_4A.replace("HMAC-SHA1", "HMAC-SHA256");
    assert_eq!(
        Wire::new("POST", &v1).code().await,
        "InvalidSignatureMethod"
    );
}

#[tokio::test]
async fn a_required_header_must_be_there_and_signed() {
    for (name, code) in [
        ("x-acs-action", "MissingAction"),
        ("x-acs-version", "MissingVersion"),
        ("x-acs-date", "MissingTimestamp"),
        ("x-acs-signature-nonce", "MissingSignatureNonce"),
        ("x-acs-content-sha256", "MissingContentSha256"),
        ("host", "MissingHost"),
    ] {
        let mut absent = vector_3a(QUERY_3A);
        absent.headers.retain(|(n, _)| *n != name);
        assert_eq!(absent.code().await, code);
        let mut unsigned = vector_3a(QUERY_3A);
        let authorization = unsigned.headers.pop().unwrap().1;
        let without = authorization
            .replace(&format!("{name};"), "")
            .replace(&format!(";{name},"), ",");
        assert_eq!(
            unsigned.header("authorization", &without).code().await,
            "IncompleteSignature",
            "{name}"
        );
        assert_eq!(
            vector_3a(QUERY_3A).header(name, "again").code().await,
            "IncompleteSignature",
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_security_token_must_be_signed_and_the_key_id_must_agree() {
    let token = Wire {
        headers: vec![("x-acs-security-token", "t".to_owned())],
        ..Wire::new("POST", "/")
    };
    let mut wire = vector_3a(QUERY_3A);
    wire.headers.extend(token.headers);
    assert_eq!(wire.code().await, "IncompleteSignature");
    let headers = HEADERS_3A.replace("x-acs-action", "x-acs-accesskey-id;x-acs-action");
    let other = Wire::v3("/", "ListCheckResult", "static_ak")
        .header("x-acs-accesskey-id", "another")
        .authorized(KEY, &headers, SIGNATURE_3A);
    assert_eq!(other.code().await, "IncompleteSignature");
}

#[tokio::test]
async fn the_body_is_hashed_and_the_header_is_not_trusted() {
    let mut wire = vector_3a(QUERY_3A);
    wire.body = "more";
    assert_eq!(wire.code().await, "IncompleteSignature");
}

#[tokio::test]
async fn the_host_is_signed_as_its_bytes() {
    let mut wire = vector_3a(QUERY_3A);
    wire.headers
        .iter_mut()
        .filter(|(n, _)| *n == "host")
        .for_each(|(_, v)| *v = "http://127.0.0.1:18999".to_owned());
    let message = wire.claim().await.unwrap().mismatch().to_string();
    assert!(
        message.contains("\nhost:http://127.0.0.1:18999\n"),
        "{message}"
    );
}

#[tokio::test]
async fn malformed_authorizations_are_incomplete() {
    for bad in [
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 ",
        "ACS3-HMAC-SHA256 Credential=a",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=xyz",
        "ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=00",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=00,More=1",
    ] {
        let wire = Wire::v3("/", "ListCheckResult", "static_ak").header("authorization", bad);
        assert_eq!(wire.code().await, "IncompleteSignature", "{bad}");
    }
}

#[tokio::test]
async fn each_required_parameter_of_version_1_is_named_when_missing() {
    for name in [
        "Action",
        "Version",
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp",
    ] {
        let target = QUERY_4A.replace(&format!("{name}="), "Other.1=");
        let target = if name == "Signature" {
            QUERY_4A.replace("&Signature=", "&Other=")
        } else {
            target
        };
        assert_eq!(
            Wire::new("POST", &target).code().await,
            format!("Missing{name}")
        );
    }
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused() {
    assert_eq!(
        Wire::new("POST", &format!("{QUERY_4A}&Lang=zh"))
            .code()
            .await,
        "InvalidParameter"
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let long = "a".repeat(70_000);
    let mut wire =
        Wire::new("POST", "/").header("content-type", "application/x-www-form-urlencoded");
    wire.body = Box::leak(long.clone().into_boxed_str());
    assert_eq!(wire.code().await, "RequestTooLarge");
    assert_eq!(
        Wire::new("POST", "/").header("x-long", &long).code().await,
        "RequestTooLarge"
    );
    let mut body = Wire::new("POST", "/");
    body.body = Box::leak("a".repeat((1 << 20) + 1).into_boxed_str());
    assert_eq!(body.code().await, "InvalidRequestBody");
}
