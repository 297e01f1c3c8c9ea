/// The mappings and examples that came with this binary. The build's plugin `EmbedMappings` writes `contents` from the folders themselves.
package enum ShippedFiles {
    /// Paths such as `mappings/channels/NAME.yaml`, sorted.
    package static var paths: [String] { contents.map { "\($0.path)" } }

    /// Bytes of the file at `path`; nil where none was shipped.
    package static func bytes(_ path: String) -> [UInt8]? {
        guard let found = contents.first(where: { same($0.path, path) }) else { return nil }
        let stored = UnsafeBufferPointer(start: found.text.utf8Start, count: found.text.utf8CodeUnitCount)
        return found.isHexadecimal ? decoded(stored) : Array(stored)
    }

    private static func same(_ stored: StaticString, _ path: String) -> Bool {
        UnsafeBufferPointer(start: stored.utf8Start, count: stored.utf8CodeUnitCount).elementsEqual(path.utf8)
    }

    private static func decoded(_ digits: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit - 0x30 : digit - 0x61 + 10 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
    }
}
