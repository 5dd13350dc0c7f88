extension SchemaTable {
    private static let time = #""created_at":"2026-01-31T12:00:00Z""#
    private static let key = "-----BEGIN RSA PRIVATE KEY-----"
    private static let long = String(repeating: "a", count: 256)

    private static func item(_ members: String) -> String {
        #"{"uid":"robot-1",\#(members),\#(time)}"#
    }

    static let cratonRows: [Row] =
        rows(
            "craton_cloud",
            valid: [
                item(#""name":"n","project":"p""#), item(#""name":"","project":"p","note":"x""#),
                item(#""name":"n","project":"p","craton":{"id":1}"#),
                item(
                    #""name":"n","project":"p","craton":{"updated_at":"2026-01-31T12:00:00Z"}"#),
                item(#""name":"n","project":"p","craton":{"id":9007199254740992}"#),
            ],
            invalid: [
                "{}", item(#""name":"n""#), item(#""project":"p""#),
                item(#""name":1,"project":"p""#), item(#""name":"\#(long)","project":"p""#),
                item(#""name":"n","project":"..""#), item(#""name":"n","project":"p","x":1"#),
                item(#""name":"n","project":"p","note":"\#(key)""#),
                item(#""name":"n","project":"p","craton":{"id":0}"#),
                item(#""name":"n","project":"p","craton":{"id":"1"}"#),
                item(#""name":"n","project":"p","craton":{"id":9007199254740993}"#),
                item(#""name":"n","project":"p","craton":{"cell":"c"}"#),
                item(#""name":"n","project":"p","craton":[]"#),
                #"{"uid":"robot-1","name":"n","project":"p"}"#,
            ])
        + rows(
            "craton_region",
            valid: [item(#""name":"n","cloud":"c""#)],
            invalid: [item(#""name":"n""#), item(#""name":"n","cloud":"c","project":"p""#)])
        + rows(
            "craton_cell",
            valid: [item(#""name":"n","cloud":"c","region":"r""#)],
            invalid: [item(#""name":"n","cloud":"c""#)])
        + rows(
            "craton_user",
            valid: [
                item(#""username":"n","project":"p""#),
                item(#""username":"n","project":"p","is_admin":true,"is_root":false"#),
            ],
            invalid: [
                item(#""username":"n""#), item(#""username":"n","project":"p","is_admin":1"#),
                item(#""username":"n","project":"p","api_key":"x""#),
            ])
        + rows(
            "craton_network",
            valid: [
                item(
                    #""name":"n","cidr":"x","gateway":"x","netmask":"x","cloud":"c","region":"r""#)
            ], invalid: [item(#""name":"n","cidr":"x","gateway":"x","cloud":"c","region":"r""#)])
        + rows(
            "craton_interface",
            valid: [
                item(#""name":"n","device":"d","interface_type":"t","ip_address":"10.0.0.1""#),
                item(
                    #""name":"n","device":"d","interface_type":"t","ip_address":"::1","port":3"#),
            ],
            invalid: [
                item(#""name":"n","device":"d","interface_type":"t","ip_address":"host""#),
                item(#""name":"n","device":"d","interface_type":"t","ip_address":"10.0.0.300""#),
                item(#""name":"n","device":"d","interface_type":"t","ip_address":"fe80::1%e""#),
                item(
                    #""name":"n","device":"d","interface_type":"t","ip_address":"::1","port":"3""#),
            ])
        + rows(
            "variables",
            valid: [
                "{}", #"{"variables":{},"labels":[]}"#, #"{"variables":{"a":{"b":[null]}}}"#,
                #"{"labels":["b","a","a",""]}"#,
            ],
            invalid: [
                "[]", #"{"variables":[]}"#, #"{"variables":{"":1}}"#, #"{"labels":[1]}"#,
                #"{"labels":["\#(long)"]}"#, #"{"variables":{"\#(long)":1}}"#, #"{"x":1}"#,
                #"{"variables":{"a":"\#(key)"}}"#,
            ])
        + rows(
            "device",
            valid: [
                #""craton":{"id":1,"cloud":"c","cell":"x","device_type":"t","active":false}"#,
                #""craton":{"note":"n","model_name":"m","os_version":"1","vlans":"2"}"#,
            ].map(placed),
            invalid: [
                #""craton":{"cell":".."}"#, #""craton":{"active":"yes"}"#,
                #""craton":{"device_type":1}"#, #""craton":{"updated_at":"now"}"#,
                #""craton":{"colour":"red"}"#, #""craton":{"id":-1}"#,
            ].map(placed))

    private static func placed(_ more: String) -> String {
        #"{"uid":"robot-1","creation_date":"2026-01-31T12:00:00Z","address":"a","region":"r",\#(more)}"#
    }
}
