/// The integer of a document, in the sequence that it is from.
package struct CratonNumber: Hashable, Sendable {
    package let family: CratonFamily
    package let value: Int
}

extension PreparedDocument {
    /// The number that the document has been given; derived ones do not count.
    package var cratonNumber: CratonNumber? {
        let stored: (CratonFamily, CratonMembers)? =
            switch content {
            case let device as Device: (.device, device.craton)
            case let resource as CratonResource: (resource.family, resource.craton)
            default: nil
            }
        guard let (family, members) = stored, let value = members.id,
            value < CratonAliases.firstDerived
        else { return nil }
        return CratonNumber(family: family, value: value)
    }
}

extension Snapshot {
    /// The greatest number of each sequence that documents have or had.
    package var cratonNumbers: [CratonFamily: Int] {
        var numbers: [CratonFamily: Int] = [:]
        for family in CratonFamily.allCases {
            let highest = craton.aliases.highest(family)
            if highest > 0 { numbers[family] = highest }
        }
        return numbers
    }
}
