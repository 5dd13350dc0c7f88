internal import HashTreeCollections
internal import JSON

extension Snapshot {
    /// How many files git handles well in one folder.
    static let fullFolder = 2_000

    /// Everything that is wrong with the registry, by path; in time proportional to their number.
    public var problems: [Problem] {
        var problems = fileProblems + referenceProblems + twinProblems + cratonProblems
        for (path, reason) in misspelled {
            problems.append(Problem(.error, .fileName, path: path.text, reason: reason))
        }
        if let settingsProblem {
            problems.append(Problem(path: RegistrySettings.path, settingsProblem))
        }
        if let policyProblem { problems.append(Problem(path: Policy.path, policyProblem)) }
        for (folder, count) in folderCounts where count > Self.fullFolder {
            let reason =
                "The folder holds \(count) documents, more than \(Self.fullFolder): "
                + "`muster reshard` spreads them over more folders."
            problems.append(Problem(.warning, .fullFolder, path: folder.text, reason: reason))
        }
        return problems.sorted()
    }

    /// The invalid files, by path.
    public var invalidPaths: [String: Problem] {
        var invalid: [String: Problem] = [:]
        for (_, files) in irregular {
            for (path, content) in files {
                guard let reason = content.reason else { continue }
                invalid[path.text] = Problem(path: path.text, reason)
            }
        }
        return invalid
    }

    /// Whether the file at `path` is a document's and breaks a rule.
    package func isInvalid(_ path: String) -> Bool {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return false }
        return irregular[key]?[FilePath(path)]?.reason != nil
    }

    /// The files of documents that have an invalid one or more than one.
    package var irregularPaths: [String] {
        irregular.values.flatMap { $0.keys.map(\.text) }
    }

    private var fileProblems: [Problem] {
        var problems: [Problem] = []
        for (key, files) in irregular {
            let served = self[key]?.path
            for (path, content) in files {
                if let reason = content.reason {
                    problems.append(Problem(path: path.text, reason))
                }
                guard let served, FilePath(served) != path else { continue }
                problems.append(
                    Problem(
                        .error, .doubledUID, path: path.text,
                        reason: "The file \(served) holds the same uid and is served."))
            }
        }
        return problems
    }

    private var referenceProblems: [Problem] {
        references.missing.flatMap { target in
            referrers(of: target).flatMap { source in
                guard let stored = self[source] else { return [Problem]() }
                let places = stored.content.references.filter { $0.target == target }
                return places.map { reference in
                    Problem(
                        target.severityOfAbsence(for: source), .reference, path: stored.path,
                        pointer: reference.pointer, reason: "There is no document \(target).")
                }
            }
        }
    }

    private var twinProblems: [Problem] {
        var problems: [Problem] = []
        for table in tables.values {
            for folded in table.twins {
                let twins = table.family(of: folded)
                for stored in twins.dropFirst().compactMap({ table.documents[$0] }) {
                    let reason = "This uid differs only by case from \(twins[0])."
                    problems.append(
                        Problem(.warning, .caseTwin, path: stored.path, reason: reason))
                }
            }
        }
        return problems
    }
}
