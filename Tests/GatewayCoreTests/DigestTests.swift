import GatewayCore
import GatewayTesting
import Testing

@Suite struct DigestKeyTests {
    /// Key 00…0f, messages of the bytes 0, 1, 2, …; by length. Source: the reference implementation of SipHash-2-4, vectors.h.
    private static let vectors: [(count: Int, digest: UInt64)] = [
        (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a), (3, 0x8567_6696_d7fb_7e2d),
        (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d), (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137),
        (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
    ]

    @Test(arguments: vectors)
    func agreesWithTheReference(_ vector: (count: Int, digest: UInt64)) throws {
        let message = (0..<vector.count).map { UInt8($0) }
        let key = try #require(DigestKey((0..<16).map { UInt8($0) }))
        #expect(message.withUnsafeBytes { key.digest($0) } == vector.digest)
        #expect(key == .sample)
    }

    @Test func textCountsByItsBytes() {
        #expect(DigestKey.sample.digest("") == 0x726f_db47_dd0e_0e31)
        #expect(DigestKey.sample.digest("\u{0}\u{1}\u{2}") == 0x8567_6696_d7fb_7e2d)
    }

    @Test func anotherKeyGivesAnotherDigest() throws {
        let other = try #require(DigestKey([UInt8](repeating: 1, count: 16)))
        #expect(other.digest("Ayşe") != DigestKey.sample.digest("Ayşe"))
    }

    @Test(arguments: [0, 15, 17])
    func keyHasSixteenBytes(_ count: Int) {
        #expect(DigestKey([UInt8](repeating: 1, count: count)) == nil)
    }
}

@Suite struct ContentHashTests {
    /// Source: FIPS 180-4 examples.
    @Test func agreesWithTheStandard() {
        #expect(ContentHash(of: []).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(ContentHash(of: Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(ContentHash(of: Array("abc".utf8)).hex(12) == "ba7816bf8f01")
    }

    @Test func piecesMakeTheSameHash() {
        let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let hasher = ContentHasher()
        for start in stride(from: 0, to: 1000, by: 7) {
            content[start..<min(start + 7, 1000)].withUnsafeBytes { hasher.update($0) }
        }
        #expect(hasher.finish() == ContentHash(of: content))
        // It starts anew.
        #expect(hasher.finish() == ContentHash(of: []))
    }

    @Test func hasThirtyTwoBytes() {
        let hash = ContentHash(of: [1])
        #expect(ContentHash(hash.bytes) == hash)
        #expect(ContentHash(hash.bytes.dropLast()) == nil)
    }

    @Test func randomBytesDiffer() {
        #expect(randomBytes(16).count == 16)
        #expect(randomBytes(16) != randomBytes(16))
    }
}
