import Testing

@testable import Registry

@Suite("Addresses")
struct AddressTests {
    @Test(
        "an IP address takes its shortest form, a host name stays as it is",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            (" 1.2.3.4\t", "1.2.3.4"), ("::1", "::1"), ("::", "::"), ("1::", "1::"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("0:0:1:0:0:0:1:0", "0:0:1::1:0"),
            ("::ffff:1.2.3.4", "1.2.3.4"), ("::FFFF:0102:0304", "1.2.3.4"),
            ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("::1.2.3.4", "::102:304"),
            ("fe80::1%eth0", "fe80::1"), ("00a0::", "a0::"),
            ("localhost", "localhost"), ("Robot-7.Fleet.example", "Robot-7.Fleet.example"),
            ("1a.b2", "1a.b2"), ("7.robots", "7.robots"), ("a", "a"),
        ])
    func accepted(text: String, expected: String) {
        #expect(Address(parsing: text)?.text == expected)
    }

    @Test(
        "everything else is refused",
        arguments: [
            "", " ", "192.168.1", "256.1.1.1", "01.2.3.4", "1.2.3.4.5", "1.2.3.4:80", "1.2.3.4/24",
            "http://1.2.3.4", "[::1]", "2001:db8::g", ":::", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "12345::", "::1%", "1:2:3:4:5:6:7:8::", ":1:2:3:4:5:6:7",
            "1.2.3.4::", "::1.2.3", "::01.2.3.4", "1.2.3.4%eth0", "robot_1.local", "robot 1",
            "-robot.local", "robot-.local", "robot..local", "robot.", ".robot", "robot.1", "1",
            "a.b.0",
            "é.local", "１.2.3.4", "a\u{0}b",
        ])
    func refused(text: String) { #expect(Address(parsing: text) == nil) }

    @Test("labels have at most 63 characters, a name at most 253")
    func lengths() {
        let label = String(repeating: "a", count: 63)
        #expect(Address(parsing: label + ".local") != nil)
        #expect(Address(parsing: label + "a.local") == nil)
        let name = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(Address(parsing: name) != nil)
        #expect(Address(parsing: name + "b") == nil)
    }
}
