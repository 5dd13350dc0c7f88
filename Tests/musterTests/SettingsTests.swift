import Logging
import Testing

@testable import muster

@Suite("Settings")
struct SettingsTests {
    @Test("without anything said, the registry here is served to this machine alone")
    func defaults() throws {
        let settings = try Settings(flags: [:], environment: [:])
        #expect(settings.registry == ".")
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8000)
        #expect(settings.modelName == "cos")
        #expect(settings.allowedHosts.isEmpty)
        #expect(settings.secretKey == nil)
        #expect(!settings.isReadOnly && !settings.isOpen)
    }

    @Test("a flag goes before the environment, and that before the file")
    func order() throws {
        let settings = try Settings(
            flags: [.port: "1"], environment: ["MUSTER_PORT": "2", "MUSTER_HOST": "::1"],
            file: [.port: "3", .host: "0.0.0.0", .modelName: "fleet"])
        #expect(settings.port == 1)
        #expect(settings.host == "::1")
        #expect(settings.modelName == "fleet")
    }

    @Test(
        "every setting has its variable",
        arguments: [
            (Setting.registry, "MUSTER_REGISTRY"), (.publicUrl, "MUSTER_PUBLIC_URL"),
            (.allowedHosts, "MUSTER_ALLOWED_HOSTS"), (.modelName, "MUSTER_MODEL_NAME"),
            (.secretKey, "MUSTER_SECRET_KEY"), (.trustedProxy, "MUSTER_TRUSTED_PROXY"),
        ])
    func variables(setting: Setting, name: String) { #expect(setting.variable == name) }

    @Test("every setting is read from its variable")
    func environment() throws {
        let settings = try Settings(
            flags: [:],
            environment: [
                "MUSTER_REGISTRY": "/srv/registry", "MUSTER_STATE": "/var/lib/muster",
                "MUSTER_PUBLIC_URL": "https://registry.example.com", "MUSTER_PREFIX": "muster/",
                "MUSTER_TRUSTED_PROXY": "10.0.0.0/8, ::1",
                "MUSTER_ALLOWED_HOSTS": "a.example,b.example",
                "MUSTER_SECRET_KEY": "k", "MUSTER_READ_ONLY": "1", "MUSTER_OPEN": "1",
                "MUSTER_COMMITTED_ONLY": "true",
                "MUSTER_LOG_LEVEL": "DEBUG", "MUSTER_MODEL_NAME": "",
            ])
        #expect(settings.registry == "/srv/registry")
        #expect(settings.state == "/var/lib/muster")
        #expect(settings.publicURL == "https://registry.example.com")
        #expect(settings.prefix == "/muster")
        #expect(settings.trustedProxies == ["10.0.0.0/8", "::1"])
        #expect(settings.allowedHosts == ["a.example", "b.example"])
        #expect(settings.secretKey == "k")
        #expect(settings.isReadOnly)
        #expect(settings.committedOnly && settings.isOpen)
        #expect(settings.logLevel == .debug)
        #expect(settings.modelName == "cos", "an empty variable counts as unset")
    }

    @Test(
        "text that makes no sense is refused with the three places of the setting",
        arguments: [
            (Setting.port, "65536"), (.port, "-1"), (.port, "http"),
            (.publicUrl, "registry.example.com"),
            (.prefix, "/a b"), (.readOnly, "maybe"), (.logLevel, "loud"),
        ])
    func nonsense(setting: Setting, text: String) throws {
        let failure = #expect(throws: Failure.self) {
            try Settings(flags: [setting: text], environment: [:])
        }
        #expect(failure?.exitCode == 2)
        #expect(failure?.message.contains("'\(text)'") == true)
        #expect(failure?.message.contains(setting.variable) == true)
    }

    @Test("a settings file holds texts, numbers, true, false and lists")
    func file() throws {
        let text = #"{"port": 8080, "readOnly": true, "allowedHosts": ["a", "b"], "host": "::"}"#
        let file = try SettingsFile.parse(Array(text.utf8), path: "muster.json")
        #expect(file == [.port: "8080", .readOnly: "true", .allowedHosts: "a,b", .host: "::"])
    }

    @Test(
        "a settings file with a mistake is refused, naming it",
        arguments: [
            ("[]", "object"), (#"{"prot": 1}"#, "'prot'"), (#"{"port": null}"#, "'port'"),
            ("{\"port\": 1,\n}", "line 2"), (#"{"allowedHosts": [1]}"#, "'allowedHosts'"),
        ])
    func brokenFile(text: String, expected: String) throws {
        let failure = #expect(throws: Failure.self) {
            try SettingsFile.parse(Array(text.utf8), path: "muster.json")
        }
        #expect(failure?.exitCode == 2)
        #expect(failure?.message.contains(expected) == true)
    }
}
