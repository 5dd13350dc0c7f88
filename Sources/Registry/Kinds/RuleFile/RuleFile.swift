/// A Prometheus or Loki rule file, kept as its author wrote it.
public struct RuleFile: Document {
    /// The text of the file, comments included.
    public let text: String
    /// What the text says.
    public let data: YAMLValue
    /// Whether it is written anew for each device, with the device's uid in it.
    public let isTemplate: Bool
    /// The data as written for a device; nil where it is no template.
    private let template: TemplateText?

    public var references: [Reference] { [] }
    public var creationDate: Timestamp? { nil }

    /// Takes the text of a rule file.
    init(text: String) throws(RuleFileError) {
        guard !Secret.isIn(text) else { throw .secret }
        let root: YAMLValue?
        do throws(YAMLError) { root = try YAMLValue.parse(text) } catch { throw .yaml(error) }
        guard let root, case .mapping = root else { throw .notAMapping }
        var variables: [String] = []
        root.forEachScalar { scalar in variables += Placeholder.cut(scalar).names }
        if let unknown = variables.first(where: { $0 != Placeholder.deviceUID }) {
            throw .unknownVariable(unknown)
        }
        self.text = text
        data = root
        isTemplate = !variables.isEmpty
        template = isTemplate ? YAMLWriter.write(root) : nil
        // The longest uid, 200 characters, has 800 bytes in UTF-8 and up to 1,200 escaped.
        let longest = (template?.parts ?? []).reduce(variables.count * 1200) { $0 + $1.utf8.count }
        guard longest <= YAMLValue.maximumBytes else {
            throw .yaml(YAMLError("longer than \(YAMLValue.maximumBytes) bytes when rendered"))
        }
    }

    /// The text for one device: the uid in place of every placeholder, written anew as YAML.
    ///
    /// Text that is no template is given as it is.
    public func rendered(for device: DocumentID) -> String {
        guard let template else { return text }
        if YAMLWriter.fitsLiteral(device.text) { return template.filled(with: device.text) }
        return YAMLWriter.write(data, usesLiterals: false).filled(with: device.text)
    }

    /// The bytes of its file.
    public func bytes() -> [UInt8] { Array(text.utf8) }
}

/// Why text is no rule file.
enum RuleFileError: Error, Hashable {
    case notAMapping
    case yaml(YAMLError)
    case unknownVariable(String)
    case secret
}

extension RuleFile {
    /// Reads a file.
    init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidDocument("The file is not UTF-8.", rule: .syntax)
        }
        do throws(RuleFileError) {
            try self.init(text: text)
        } catch {
            throw InvalidDocument(error)
        }
    }
}

extension InvalidDocument {
    fileprivate init(_ error: RuleFileError) {
        switch error {
        case .notAMapping: self.init("The root of the YAML must be a mapping.")
        case .yaml(let error): self.init("YAML: \(error.reason).", line: error.line, rule: .syntax)
        case .unknownVariable(let name): self.init("Unknown template variable: \(name).")
        case .secret: self.init(Secret.reason, rule: .secret)
        }
    }
}

extension DocumentKind {
    static let prometheusAlertRuleFile = ruleFile(.prometheusAlertRules)
    static let lokiAlertRuleFile = ruleFile(.lokiAlertRules)

    private static func ruleFile(_ collection: Collection) -> DocumentKind {
        DocumentKind(collection, keepsContent: true) { bytes, _ throws(InvalidDocument) in
            try RuleFile(parsing: bytes)
        }
    }
}

extension YAMLValue {
    /// Calls `body` with the text of every scalar, keys included.
    fileprivate func forEachScalar(_ body: (String) -> Void) {
        switch self {
        case .scalar(let text, _): body(text)
        case .sequence(let elements): for element in elements { element.forEachScalar(body) }
        case .mapping(let members):
            for member in members {
                member.key.forEachScalar(body)
                member.value.forEachScalar(body)
            }
        }
    }
}
