import GatewayCore
import GatewayTesting
import GatewayTransports
import Testing

/// The suite that every drop store passes, on a server in memory and on a real sshd.
@Suite(.serialized) struct SFTPConformanceTests {
    @Test(arguments: DropStoreConformance.checks)
    func memory(_ check: DropStoreConformance.Check) throws {
        let files = MemoryRemoteFiles()
        let work = try TemporaryFolder()
        let scratch = try TemporaryFolder()
        try check.run(
            .init(
                store: RemoteDropStore(RemoteFolder(files, path: ""), work: scratch.path), work: work,
                put: { files.put($0, as: $1) }, contents: { files.contents($0) }, names: { files.paths }))
    }

    @Test(arguments: DropStoreConformance.checks)
    func sshd(_ check: DropStoreConformance.Check) throws {
        let fixture = try SFTPFixture()
        let box = fixture.server.box
        let work = try TemporaryFolder()
        try check.run(
            .init(
                store: RemoteDropStore(RemoteFolder(try fixture.files(), path: ""), work: fixture.work.path), work: work,
                put: { bytes, name in _ = try box.write(bytes, to: name) }, contents: { box.contents($0) }, names: { try box.names() }))
    }
}
