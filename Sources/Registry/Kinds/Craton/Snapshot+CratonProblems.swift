internal import HashTreeCollections
internal import JSON

// What writes keep and merges break: each of two branches is valid, and what they join to is not.
extension Snapshot {
    /// What the Craton API reads by a rule of its own, in time proportional to its number.
    var cratonProblems: [Problem] {
        doubledAliases + parentCycles + sharedNames + defaultPlaceProblems
    }

    private var doubledAliases: [Problem] {
        craton.aliases.doubled.flatMap { number -> [Problem] in
            let family = number.family
            let ids = craton.aliases.claimants(of: number)
            guard let owner = ids.first else { return [] }
            return ids.dropFirst().compactMap { id in
                let key = DocumentKey(family.collection, id)
                guard let stored = self[key], let shown = craton.aliases[key] else { return nil }
                return Problem(
                    .warning, .doubledNumber, path: stored.path,
                    pointer: JSONPointer(tokens: ["craton", "id"]),
                    reason: "The number \(number.value) is that of "
                        + "\(DocumentKey(family.collection, owner)), which is older; the Craton "
                        + "API shows this \(family.rawValue) as \(shown).")
            }
        }
    }

    private var parentCycles: [Problem] {
        craton.cycles.members.compactMap { root, members in
            guard let stored = self[DocumentKey(.devices, root)] else { return nil }
            let others = members.sorted().prefix(10).map(\.text).joined(separator: ", ")
            return Problem(
                .error, .cycle, path: stored.path, pointer: JSONPointer(tokens: ["parent"]),
                reason: "The parents of \(others) form a circle; \(root) is read as having none.")
        }
    }

    private var sharedNames: [Problem] {
        craton.sharedNames.flatMap { name -> [Problem] in
            let rows = craton.named(name.name, name.family, in: name.owner).elements()
                .map(\.row).sorted { $0.alias < $1.alias }
            guard let first = rows.first else { return [] }
            return rows.dropFirst().compactMap { row in
                self[row.key].map { stored in
                    Problem(
                        .warning, .sharedName, path: stored.path,
                        reason: "The \(name.family.rawValue) \(first.id) of \(name.owner) is also "
                            + "called '\(name.name)'; a look-up by name finds that one.")
                }
            }
        }
    }

    /// What `registry.json` says of devices that register, and does not fit together.
    private var defaultPlaceProblems: [Problem] {
        func problem(_ member: JSONString, _ reason: String) -> Problem {
            Problem(
                .warning, .reference, path: RegistrySettings.path,
                pointer: JSONPointer(tokens: [member]), reason: reason)
        }
        var problems: [Problem] = []
        let region = settings.defaultRegion.flatMap { craton.row(.region, $0) }
        if let id = settings.defaultProject {
            if self[DocumentKey(.cratonProjects, id)] == nil {
                problems.append(problem("default_project", "There is no craton/projects/\(id)."))
            } else if let region, region.project != id {
                problems.append(
                    problem(
                        "default_project", "The default region is of the project \(region.project)."
                    ))
            }
        }
        if let id = settings.defaultCloud {
            if let cloud = craton.row(.cloud, id) {
                if let region, region.project != cloud.project {
                    problems.append(
                        problem("default_cloud", "The default region is of another project."))
                }
            } else {
                problems.append(problem("default_cloud", "There is no craton/clouds/\(id)."))
            }
        }
        return problems
    }
}

extension DocumentKey {
    /// How bad it is that a document names this one and it is not there.
    ///
    /// A device whose region is gone is a device all the same; only one API leaves it out.
    func severityOfAbsence(for source: DocumentKey) -> Problem.Severity {
        switch collection {
        case .cratonRegions, .cratonClouds, .cratonCells:
            source.collection == .devices ? .warning : .error
        default: .error
        }
    }
}
