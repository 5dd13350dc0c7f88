// By bytes: as a character a slash may be one with a mark that follows it.

extension String {
    /// Where the last `/` is.
    package var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }
}

extension Substring {
    /// Where the first `/` is.
    package var firstSlash: Index? { utf8.firstIndex(of: UInt8(ascii: "/")) }

    /// Where the last `/` is.
    package var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }
}
