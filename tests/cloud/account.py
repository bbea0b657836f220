"""An account in known states: `fill` creates it and gives what each check must say of each asset."""

import json

from moto_server import client

HOME, OTHER = "us-east-1", "eu-west-1"
REGIONS = [HOME, OTHER]
PASS, FAIL, NONE = "PASS", "NOT_PASS", "NOT_CHECK"
OFFICE = [{"CidrIp": "203.0.113.0/24"}]
ANY, ANY6 = [{"CidrIp": "0.0.0.0/0"}], [{"CidrIpv6": "::/0"}]
BLOCK = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]


def fill(endpoint):
    """Creates the account. Gives the expected status by (check, asset id)."""
    expected = {}
    for part in (buckets, groups, users, account, policies, roles, databases, region_settings):
        part(endpoint, expected)
    for part in (instances, networks, trails, keys, balancers, clusters):
        part(endpoint, expected)
    return expected


def judged(passes):
    return PASS if passes else FAIL


def buckets(endpoint, expected):
    s3 = client(endpoint, "s3")
    s3.create_bucket(Bucket="shop-logs")
    s3.put_public_access_block(Bucket="shop-logs", PublicAccessBlockConfiguration=dict.fromkeys(BLOCK, True))
    s3.put_bucket_acl(
        Bucket="shop-logs",
        AccessControlPolicy={
            "Owner": s3.get_bucket_acl(Bucket="shop-logs")["Owner"],
            "Grants": [
                {
                    "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                    "Permission": permission,
                }
                for permission in ("WRITE", "READ_ACP")
            ],
        },
    )
    for number in range(520):
        # A name with dots fits no certificate of a host, and stands in the path.
        name = f"shop.data.{number}" if number % 50 == 0 else f"shop-data-{number}"
        s3.create_bucket(Bucket=name)
        expected["aws.s3.public", name] = bucket_access(s3, name, number % 10)
        expected["aws.s3.deny_http", name] = judged(number % 10 == 3)
        expected["aws.s3.logging", name] = bucket_logging(s3, name, number % 5 == 0)
        expected["aws.s3.versioning", name] = bucket_versioning(s3, name, number % 4)


def bucket_access(s3, name, kind):
    if kind == 0:
        return FAIL  # nothing blocks public access
    if kind == 1:
        s3.put_bucket_acl(Bucket=name, ACL="public-read")
        part = {name: name == "BlockPublicPolicy" for name in BLOCK}
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=part)
        return FAIL
    if kind == 2:
        put_policy(s3, name, {"Effect": "Allow", "Action": "s3:GetObject"})
    if kind == 3:
        clear = {"Bool": {"aws:SecureTransport": "false"}}
        put_policy(s3, name, {"Effect": "Deny", "Action": "s3:*", "Condition": clear})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(BLOCK, True))
    return PASS


def put_policy(s3, name, statement):
    everybody = {"Principal": "*", "Resource": f"arn:aws:s3:::{name}/*"}
    policy = {"Version": "2012-10-17", "Statement": [{**statement, **everybody}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


def bucket_logging(s3, name, on):
    if on:
        target = {"LoggingEnabled": {"TargetBucket": "shop-logs", "TargetPrefix": f"{name}/"}}
        s3.put_bucket_logging(Bucket=name, BucketLoggingStatus=target)
    return judged(on)


def bucket_versioning(s3, name, kind):
    if kind < 2:
        status = "Enabled" if kind == 0 else "Suspended"
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    return judged(kind == 0)


RULES = [
    (FAIL, [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ANY}]),
    (FAIL, [{"IpProtocol": "tcp", "FromPort": 3000, "ToPort": 4000, "Ipv6Ranges": ANY6}]),
    (FAIL, [{"IpProtocol": "-1", "IpRanges": ANY}]),
    (FAIL, [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]}]),
    (PASS, [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ANY}]),
    (PASS, [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": OFFICE}]),
    (PASS, []),
]


def groups(endpoint, expected):
    for region in REGIONS:
        ec2 = client(endpoint, "ec2", region)
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        for number in range(105):
            name = f"shop-{number}"
            group = ec2.create_security_group(GroupName=name, Description="-", VpcId=vpc)["GroupId"]
            verdict, rules = RULES[number % len(RULES)]
            if rules:
                ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
            expected["aws.ec2.sg_admin_ports", group] = verdict
            expected["aws.ec2.default_sg_closed", group] = NONE


def users(endpoint, expected):
    iam = client(endpoint, "iam")
    for number in range(110):
        name = f"user-{number}"
        iam.create_user(UserName=name)
        console, device, key = number % 2 == 0, number % 4 == 0, number % 3
        if console:
            iam.create_login_profile(UserName=name, Password="Long-enough-pass-1")
        if device:
            serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
            iam.enable_mfa_device(UserName=name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321")
        if key:
            made = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
            if key == 2:
                iam.update_access_key(UserName=name, AccessKeyId=made, Status="Inactive")
        active = key == 1
        expected["aws.iam.user_mfa_console", name] = judged(device) if console else NONE
        # All are new: `test_aws` judges them again as of a later day.
        expected["aws.iam.key_rotation_90d", name] = PASS if active else NONE
        expected["aws.iam.credentials_unused_45d", name] = PASS if active or console else NONE


def account(endpoint, expected):
    client(endpoint, "iam").update_account_password_policy(MinimumPasswordLength=12)
    number = client(endpoint, "sts").get_caller_identity()["Account"]
    expected["aws.iam.password_length_14", number] = FAIL
    expected["aws.iam.root_mfa", number] = FAIL
    expected["aws.iam.root_access_key", number] = PASS


def policies(endpoint, expected):
    iam = client(endpoint, "iam")
    wide = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    narrow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-logs/*"}
    helpers = {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::123456789012:user/*"}
    for name, statement, attached, verdict, rises in [
        ("admins", wide, True, FAIL, FAIL),
        ("forgotten", wide, False, NONE, NONE),
        ("helpers", helpers, True, PASS, FAIL),
        ("readers", narrow, True, PASS, PASS),
    ]:
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        arn = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
        if attached:
            iam.attach_user_policy(UserName="user-0", PolicyArn=arn)
        expected["aws.iam.no_full_admin", arn] = verdict
        expected["aws.iam.privilege_escalation", arn] = rises


def roles(endpoint, expected):
    iam = client(endpoint, "iam")
    stranger, word = {"AWS": "arn:aws:iam::999999999999:root"}, {"StringEquals": {"sts:ExternalId": "b7c2"}}
    for name, principal, condition, trusting in [
        ("web", {"Service": "ec2.amazonaws.com"}, {}, False),
        ("partner", stranger, word, False),
        ("open", stranger, {}, True),
    ]:
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        expected["aws.iam.external_trust", name] = judged(not trusting)


def databases(endpoint, expected):
    rds = client(endpoint, "rds")
    for number in range(60):
        name = f"shop-db-{number}"
        public, encrypted, days = number % 3 == 0, number % 2 == 0, [0, 7, 35][number % 3]
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            MasterUsername="shop",
            MasterUserPassword="Long-enough-1",
            AllocatedStorage=20,
            PubliclyAccessible=public,
            StorageEncrypted=encrypted,
            BackupRetentionPeriod=days,
        )
        expected["aws.rds.public", name] = judged(not public)
        expected["aws.rds.encrypted", name] = judged(encrypted)
        expected["aws.rds.backup", name] = judged(days >= 7)


def region_settings(endpoint, expected):
    client(endpoint, "ec2", OTHER).enable_ebs_encryption_by_default()
    ec2 = client(endpoint, "ec2", HOME)
    volume = ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=1)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )
    for region, encrypted, private in [(HOME, False, False), (OTHER, True, True)]:
        expected["aws.ec2.ebs_encryption_default", region] = judged(encrypted)
        expected["aws.ec2.public_snapshot_ami", region] = judged(private)


def instances(endpoint, expected):
    ec2 = client(endpoint, "ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for tokens in ("required", "optional"):
        options = {"HttpTokens": tokens, "HttpEndpoint": "enabled"}
        made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, MetadataOptions=options)
        expected["aws.ec2.imds_v2", made["Instances"][0]["InstanceId"]] = judged(tokens == "required")


def networks(endpoint, expected):
    ec2 = client(endpoint, "ec2")
    bucket = "arn:aws:s3:::shop-logs"
    for logged in (True, False):
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        if logged:
            ec2.create_flow_logs(
                ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3", LogDestination=bucket
            )
        expected["aws.vpc.flow_log", vpc] = judged(logged)
        acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
        for number, action, low, high in [(90, "deny", 22, 22), (95, "deny", 3389, 3389), (100, "allow", 0, 65535)]:
            if logged or action == "allow":
                ec2.create_network_acl_entry(
                    NetworkAclId=acl,
                    RuleNumber=number,
                    Protocol="6",
                    RuleAction=action,
                    Egress=False,
                    CidrBlock="0.0.0.0/0",
                    PortRange={"From": low, "To": high},
                )
        expected["aws.ec2.nacl_admin_ports", acl] = judged(logged)
        names = {"Name": "vpc-id", "Values": [vpc]}
        default = ec2.describe_security_groups(Filters=[names])["SecurityGroups"][0]["GroupId"]
        if logged:
            everything = [{"IpProtocol": "-1", "IpRanges": ANY}]
            ec2.revoke_security_group_egress(GroupId=default, IpPermissions=everything)
            rules = ec2.describe_security_groups(GroupIds=[default])["SecurityGroups"][0]["IpPermissions"]
            if rules:
                ec2.revoke_security_group_ingress(GroupId=default, IpPermissions=rules)
        expected["aws.ec2.default_sg_closed", default] = judged(logged)


def trails(endpoint, expected):
    number = client(endpoint, "sts").get_caller_identity()["Account"]
    for region, name, multi, validated in [(HOME, "all", True, True), (OTHER, "one", False, False)]:
        trail = client(endpoint, "cloudtrail", region)
        arn = trail.create_trail(
            Name=name, S3BucketName="shop-logs", IsMultiRegionTrail=multi, EnableLogFileValidation=validated
        )["TrailARN"]
        expected["aws.cloudtrail.validation", arn] = judged(validated)
        if multi:
            trail.start_logging(Name=name)
            selector = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
            trail.put_event_selectors(TrailName=name, EventSelectors=[selector])
    expected["aws.cloudtrail.multi_region", number] = PASS


def keys(endpoint, expected):
    kms = client(endpoint, "kms")
    rotating = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=rotating)
    expected["aws.kms.rotation", rotating] = PASS
    expected["aws.kms.rotation", kms.create_key()["KeyMetadata"]["KeyId"]] = FAIL
    pair = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    expected["aws.kms.rotation", pair] = NONE


def balancers(endpoint, expected):
    ec2, elb = client(endpoint, "ec2"), client(endpoint, "elbv2")
    nets = [net["SubnetId"] for net in ec2.describe_subnets()["Subnets"][:2]]
    for logged in (True, False):
        made = elb.create_load_balancer(Name=f"shop-{'on' if logged else 'off'}", Subnets=nets)
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        attributes = [
            {"Key": "access_logs.s3.enabled", "Value": str(logged).lower()},
            {"Key": "access_logs.s3.bucket", "Value": "shop-logs"},
        ]
        if logged:
            elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)
        expected["aws.elb.access_log", arn] = judged(logged)


def clusters(endpoint, expected):
    eks = client(endpoint, "eks")
    role = "arn:aws:iam::123456789012:role/eks"
    nets = [net["SubnetId"] for net in client(endpoint, "ec2").describe_subnets()["Subnets"][:2]]
    for name, public, sources in [
        ("closed", False, None),
        ("office", True, ["203.0.113.0/24"]),
        ("open", True, ["0.0.0.0/0"]),
    ]:
        access = {"subnetIds": nets, "endpointPublicAccess": public, "endpointPrivateAccess": True}
        if sources:
            access["publicAccessCidrs"] = sources
        eks.create_cluster(name=name, roleArn=role, resourcesVpcConfig=access)
        expected["aws.eks.public_endpoint", name] = judged(name != "open")
