//! The test vectors of both schemes: produced by the vendor's SDKs, or published by the vendor.

use super::*;

#[tokio::test]
async fn vector_3a_of_the_current_python_sdk() {
    let claim = vector_3a(QUERY_3A).claim().await.unwrap();
    assert_eq!(
        claim.hash(),
        "4e6ad245c4d11577422d4ff23690c44ce1aa4eeca2f058e0c26fbaecfbfcbc19"
    );
    assert!(claim.holds(SECRET));
    assert!(!claim.holds(b"another"));
    assert_eq!(
        (claim.action.as_str(), claim.key_id.as_str()),
        ("ListCheckResult", KEY)
    );
    assert_eq!(
        (claim.nonce.as_str(), claim.at.to_string().as_str()),
        (NONCE, "2026-01-15T08:30:00Z")
    );
}

#[tokio::test]
async fn vector_3a_shows_its_canonical_request_on_a_mismatch() {
    let message = vector_3a(QUERY_3A)
        .claim()
        .await
        .unwrap()
        .mismatch()
        .to_string();
    let canonical = format!(
        "POST\n/\nCheckKey=OSS%20a%2Bb%2A~%2F%E4%B8%AD&CurrentPage=1&CustomParam=True&Lang=en&PageSize=20&\
         RiskLevels.1=HIGH&RiskLevels.2=MEDIUM&Statuses.1=NOT_PASS\naccept:application/json\nhost:127.0.0.1:18999\n\
         user-agent:{AGENT}\nx-acs-action:ListCheckResult\nx-acs-content-sha256:{EMPTY}\n\
         x-acs-credentials-provider:static_ak\nx-acs-date:2026-01-15T08:30:00Z\nx-acs-signature-nonce:{NONCE}\n\
         x-acs-version:2018-12-03\n\n{HEADERS_3A}\n{EMPTY}"
    );
    assert!(message.contains(&canonical), "{message}");
}

#[tokio::test]
async fn vector_3b_with_a_security_token() {
    let headers = "accept;host;user-agent;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;\
                   x-acs-credentials-provider;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version";
    let claim = Wire::v3(
        "/?CheckId=23&InstanceIds.1=i-1&InstanceIds.2=i-2",
        "ListCheckInstanceResult",
        "static_sts",
    )
    .header("user-agent", AGENT)
    .header("accept", "application/json")
    .header("x-acs-accesskey-id", KEY)
    .header("x-acs-security-token", "exampleSecurityToken")
    .authorized(
        KEY,
        headers,
        "54c47c707870ffed8c2448e6315464ab128f71c6821147fdf5827cd71f50d618",
    )
    .claim()
    .await
    .unwrap();
    assert_eq!(
        claim.hash(),
        "020db60a59e507040082cb8cc0f15517f38322bc464c99a1f095fab17c6954fa"
    );
    assert_eq!(claim.token.as_deref(), Some("exampleSecurityToken"));
    assert!(claim.holds(SECRET));
}

const HEADERS_3C: &str = "host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;\
                          x-acs-signature-nonce;x-acs-version";

#[tokio::test]
async fn vector_3c_of_the_node_core_with_bare_marks_on_the_wire() {
    let target = "/?CheckId=23&Statuses.1=NOT_PASS&InstanceNameKey=a%20b*~%27";
    let claim = Wire::v3(target, "ListCheckInstanceResult", "static_ak")
        .authorized(
            KEY,
            HEADERS_3C,
            "788b741b42ef5bc94c45fd10f35d529860eeb58278b51378d4739fdd762228b9",
        )
        .claim()
        .await
        .unwrap();
    assert_eq!(
        claim.hash(),
        "9348c1db6413763c58873792356ecde94e0e3bc781d14768d6a67e91a17b070e"
    );
    assert!(claim.holds(SECRET));
}

#[tokio::test]
async fn vector_3d_published_by_the_vendor() {
    let target =
        "/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai";
    let headers =
        "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let claim = Wire::new("POST", target)
        .header("host", "ecs.cn-shanghai.aliyuncs.com")
        .header("x-acs-action", "RunInstances")
        .header("x-acs-version", "2014-05-26")
        .header("x-acs-date", "2023-10-26T10:22:32Z")
        .header("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d")
        .header("x-acs-content-sha256", EMPTY)
        .authorized(
            "YourAccessKeyId",
            headers,
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
        )
        .claim()
        .await
        .unwrap();
    assert_eq!(
        claim.hash(),
        "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    );
    assert!(claim.holds(b"YourAccessKeySecret"));
}

#[tokio::test]
async fn vector_4a_of_the_current_python_sdk_beside_headers_of_version_3() {
    let wire = Wire::new("POST", QUERY_4A)
        .header("x-acs-action", "ListCheckResult")
        .header("x-acs-version", "2018-12-03");
    let claim = wire.claim().await.unwrap();
    assert_eq!(
        claim.string_to_sign(),
        "POST&%2F&AccessKeyId%3DLTAIexampleAccessKey%26Action%3DListCheckResult%26CheckKey%3DOSS%2520a%252Bb%252A~\
         %252F%25E4%25B8%25AD%26CurrentPage%3D1%26CustomParam%3DTrue%26Format%3Djson%26Lang%3Den%26PageSize%3D20%26\
         RiskLevels.1%3DHIGH%26RiskLevels.2%3DMEDIUM%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0123456789abcdef\
         0123456789abcdef%26SignatureVersion%3D1.0%26Statuses.1%3DNOT_PASS%26Timestamp%3D2026-01-15T08%253A30%253A00Z\
         %26Version%3D2018-12-03"
    );
    assert!(claim.holds(SECRET));
}

#[tokio::test]
async fn vector_4b_of_the_classic_sdk_with_an_empty_signature_type() {
    let target = "/?CheckId=23&Statuses.1=NOT_PASS&InstanceNameKey=a%20b%2A~&Version=2018-12-03&\
        Action=ListCheckInstanceResult&Format=JSON&RegionId=cn-hangzhou&Timestamp=2026-01-15T08%3A30%3A00Z&\
        SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=0123456789abcdef0123456789abcdef&\
        AccessKeyId=LTAIexampleAccessKey&Signature=p3oZaCdcNP9qaQD2%2FhP1Qtk%2Fs10%3D";
    let claim = Wire::new("POST", target).claim().await.unwrap();
    assert!(claim.string_to_sign().contains("%26SignatureType%3D%26"));
    assert!(claim.holds(SECRET));
}

#[tokio::test]
async fn vector_4c_of_the_node_core_with_everything_in_the_form_body() {
    let mut wire =
        Wire::new("POST", "/").header("content-type", "application/x-www-form-urlencoded");
    wire.body = "AccessKeyId=LTAIexampleAccessKey&Action=ListCheckInstanceResult&CheckId=23&Format=JSON&\
        InstanceNameKey=a%20b%2A~%27&SignatureMethod=HMAC-SHA1&SignatureNonce=f0faafd4177768f2ab2a49c6abf05bc7&\
        SignatureVersion=1.0&Statuses.1=NOT_PASS&Timestamp=2026-01-15T08%3A30%3A00Z&Version=2018-12-03&\
        Signature=lbQR3jq8eZsVHvyf2XmIyGPWC8A%3D";
    assert_eq!(wire.body.len(), 325);
    let claim = wire.claim().await.unwrap();
    assert!(
        claim
            .string_to_sign()
            .contains("InstanceNameKey%3Da%2520b%252A~%2527")
    );
    assert!(claim.holds(SECRET));
}

#[tokio::test]
async fn vector_4d_published_by_the_vendor() {
    let target = "/?AccessKeyId=testid&Action=DescribeRegions&Format=XML&SignatureMethod=HMAC-SHA1&\
        SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&SignatureVersion=1.0&Timestamp=2016-02-23T12%3A46%3A24Z&\
        Version=2014-05-26&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D";
    let claim = Wire::new("GET", target).claim().await.unwrap();
    assert_eq!(
        claim.string_to_sign(),
        "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26\
         SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D\
         2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26"
    );
    assert!(claim.holds(b"testsecret"));
}
