import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayEngine

/// When an endpoint that fails is tried again, and when not.
struct BreakerTests {
    private let failure = Finding(.transportLinkLost, ["endpoint": .plain("partner"), "operation": .plain("list")])

    @Test func restsDoubleUpToAQuarterOfAnHourAndAreShortenedByChance() {
        var breaker = Breaker()
        var rests: [Int64] = []
        for _ in 1...13 {
            breaker.fail(failure, now: 5_000_000_000, chance: 255)
            rests.append((breaker.until - 5_000_000_000) / 1_000_000)
        }
        #expect(rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900].map { $0 * 1_000 })
        #expect(breaker.failures == 13)
        breaker.succeed()
        #expect(breaker.failures == 0 && breaker.until == 0)
        // Never at once, however the dice fall.
        for (chance, rest) in [(UInt8(0), Int64(200)), (63, 250), (127, 500), (191, 750), (255, 1_000)] {
            var breaker = Breaker()
            breaker.fail(failure, now: 0, chance: chance)
            #expect(breaker.until == rest * 1_000_000, "\(chance)")
        }
    }

    @Test func theCircuitOpensWithFailuresAndClosesWithTheFirstSuccess() throws {
        let wharf = try Wharf()
        for call in 1...6 { wharf.files.fail(call, .cut) }
        var shift = try wharf.shift()
        #expect(wharf.work(&shift, seconds: 40) == [0, 1, 3, 7, 15, 31])
        #expect(wharf.said() == Array(repeating: "transport.link.lost", count: 6))
        let waiting = try #require(try wharf.ledger.standing(of: "partner"))
        #expect(waiting.state == .waiting && waiting.failures == 6 && waiting.code == "transport.link.lost")
        #expect(waiting.since == GivenClock.start)
        #expect(waiting.until == GivenClock.start + 63_000)
        // Well again: the ordinary interval.
        #expect(wharf.work(&shift, seconds: 90) == [63, 93, 123])
        #expect(wharf.said() == [])
        let fine = try #require(try wharf.ledger.standing(of: "partner"))
        #expect(fine.state == .fine && fine.since == GivenClock.start + 63_000 && fine.failures == 0 && fine.sentence == nil)
    }

    @Test(arguments: [
        FindingCode.transportLoginRefused, .transportHostKeyChanged, .transportHostKeyExchange, .transportHostKeyMissing, .tlsKeyChanged,
    ])
    func aRefusedLoginAndAStrangersKeyStopAtOnce(_ code: FindingCode) throws {
        let wharf = try Wharf()
        wharf.files.refuse(with: Finding(code, at: Place(file: "partner"), ["endpoint": .plain("partner"), "user": .plain("dropgate")]))
        var shift = try wharf.shift()
        #expect(wharf.work(&shift, seconds: 3_600) == [0])
        #expect(wharf.said() == [code.id])
        let standing = try #require(try wharf.ledger.standing(of: "partner"))
        #expect(standing.state == .stopped && standing.code == code.id && standing.until == nil)
        #expect(standing.sentence?.hasSuffix("[\(code.id)]") == true)
    }

    private func stopped() throws -> (Wharf, EndpointShift) {
        let wharf = try Wharf()
        wharf.files.refuse(
            with: Finding(.transportLoginRefused, at: Place(file: "partner"), ["endpoint": .plain("partner"), "user": .plain("dropgate")]))
        var shift = try wharf.shift()
        #expect(wharf.work(&shift, seconds: 60) == [0])
        #expect(wharf.said() == ["transport.login.refused"])
        return (wharf, shift)
    }

    @Test func anotherKeyFileBringsItBack() throws {
        var (wharf, shift) = try stopped()
        try wharf.folder.write("another key", to: "login")
        // Still refused: it is tried once, and rests again.
        #expect(wharf.work(&shift, seconds: 60) == [60])
        #expect(wharf.said() == ["transport.login.refused"])
        wharf.files.refuse(with: nil)
        try wharf.folder.write("the right key", to: "login")
        #expect(wharf.work(&shift, seconds: 60) == [120, 150])
        #expect(try wharf.ledger.standing(of: "partner")?.state == .fine)
        #expect(wharf.connections.count == 3)
    }

    @Test func changedSettingsBringItBackAndCount() throws {
        var (wharf, shift) = try stopped()
        wharf.files.refuse(with: nil)
        try wharf.folder.write("workspace: 1\nmerchants: {", to: "dropgate.yaml")
        #expect(wharf.work(&shift, seconds: 60) == [])
        // Said once, not every second.
        #expect(wharf.said().count == 1)
        try wharf.folder.write(Wharf.settings("afterwards: leave", host: "new.example.com"), to: "dropgate.yaml")
        #expect(wharf.work(&shift, seconds: 30) == [120])
        #expect(wharf.connections.map(\.host) == ["sftp.example.com", "new.example.com"])
    }

    @Test func theDoctorsWordBringsItBack() throws {
        var (wharf, shift) = try stopped()
        wharf.files.refuse(with: nil)
        #expect(wharf.work(&shift, seconds: 60) == [])
        try wharf.ledger.setFact(EndpointFact.mended, of: "partner", "1")
        #expect(wharf.work(&shift, seconds: 30) == [120])
        #expect(try wharf.ledger.standing(of: "partner")?.state == .fine)
    }

    @Test func settingsThatCannotWorkStopUntilTheyAreMended() throws {
        let wharf = try Wharf()
        wharf.refuse(Finding(.endpointHostKeyMissing, ["endpoint": .plain("partner")]))
        var shift = try wharf.shift()
        #expect(wharf.work(&shift, seconds: 600) == [])
        #expect(wharf.said() == ["config.endpoint.hostkey"])
        #expect(wharf.connections.count == 1)
        wharf.refuse(nil)
        try wharf.folder.write("now with the host key", to: "login")
        #expect(wharf.work(&shift, seconds: 10) == [600])
    }
}
