extension SchemaTable {
    static let policyRows = rows("policy", valid: validPolicies, invalid: invalidPolicies)

    private static let validPolicies = [
        "{}", #"{"roles":{}}"#, #"{"roles":{"operator":{}}}"#,
        #"{"roles":{"a.b-c_1":{"description":"x","read":["*"],"write":["devices","craton/*"]}}}"#,
        #"{"roles":{"boss":{"approve":["variables/*","variables/devices"],"administer":true}}}"#,
        #"{"anonymous":{"cos":{"rights":"own-device","networks":["10.0.0.0/8","fd00::/8"]}}}"#,
        #"{"anonymous":{"craton":{"rights":"closed"},"native":{"rights":"read","networks":[]}}}"#,
        #"{"anonymous":{"pages":{"rights":"open"},"git":{"rights":"read"}}}"#,
        #"{"anonymous":{"metrics":{"rights":"read","networks":["127.0.0.1","::1"]}}}"#,
        #"{"require_message":["prometheus_alert_rules"],"proposal_only":["registry.json","*"]}"#,
        #"{"self_approval":true,"annotations":{"owner":["ops"]}}"#,
    ]

    private static let invalidPolicies = [
        "[]", #"{"role":{}}"#, #"{"roles":[]}"#, #"{"roles":{"admin":{}}}"#,
        #"{"roles":{"Boss":{}}}"#, #"{"roles":{"":{}}}"#, #"{"roles":{"a\n":{}}}"#,
        #"{"roles":{"a":[]}}"#, #"{"roles":{"a":{"reads":["*"]}}}"#,
        #"{"roles":{"a":{"read":"*"}}}"#, #"{"roles":{"a":{"read":["robots"]}}}"#,
        #"{"roles":{"a":{"read":["dev/*"]}}}"#, #"{"roles":{"a":{"read":["devices/robot-1"]}}}"#,
        #"{"roles":{"a":{"read":[1]}}}"#, #"{"roles":{"a":{"write":["policy.json"]}}}"#,
        #"{"roles":{"a":{"administer":"yes"}}}"#, #"{"roles":{"a":{"description":1}}}"#,
        #"{"anonymous":[]}"#, #"{"anonymous":{"ssh":{"rights":"read"}}}"#,
        #"{"anonymous":{"cos":{}}}"#, #"{"anonymous":{"cos":{"rights":"administer"}}}"#,
        #"{"anonymous":{"cos":"read"}}"#, #"{"anonymous":{"pages":{"rights":"own-device"}}}"#,
        #"{"anonymous":{"metrics":{"rights":"open"}}}"#,
        #"{"anonymous":{"cos":{"rights":"read","networks":"10.0.0.0/8"}}}"#,
        #"{"anonymous":{"cos":{"rights":"read","networks":["example.org"]}}}"#,
        #"{"anonymous":{"cos":{"rights":"read","network":[]}}}"#,
        #"{"require_message":"*"}"#, #"{"proposal_only":["dashboards"]}"#,
        #"{"self_approval":1}"#, #"{"annotations":[]}"#,
        #"{"annotations":{"k":"-----BEGIN RSA PRIVATE KEY-----"}}"#,
    ]
}
