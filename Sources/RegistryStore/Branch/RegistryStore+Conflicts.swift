internal import JSON
internal import Registry

extension RegistryStore {
    /// Forgets conflicts of which a person says that they are settled.
    ///
    /// - Parameter places: each with its pointer, empty for the whole file.
    public func dismissConflicts(_ places: [(path: String, pointer: String)]) {
        report.mergeConflicts.removeAll { conflict in
            places.contains {
                $0.path.utf8.elementsEqual(conflict.path.utf8)
                    && $0.pointer.utf8.elementsEqual((conflict.pointer?.description ?? "").utf8)
            }
        }
        publishStatus()
    }

    /// A conflict is settled when its place has got another value than the one that stayed.
    ///
    /// Elements of lists are counted as before the merge, so of those a person has to say it.
    func forgetSettledConflicts() {
        guard !report.mergeConflicts.isEmpty else { return }
        report.mergeConflicts.removeAll { conflict in
            guard let pointer = conflict.pointer, !pointer.tokens.isEmpty,
                !pointer.tokens.contains(where: { Int($0.description) != nil }),
                case .document(let key) = FileLayout.key(ofPath: conflict.path)
            else { return false }
            guard let bytes = committed[key]?.bytes else { return true }
            let document = try? JSONValue(parsing: bytes, options: .document)
            return document?.value(at: pointer) != conflict.ours
        }
    }
}
