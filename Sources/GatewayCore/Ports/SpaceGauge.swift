/// Free space of the disk that a folder lies on.
package protocol SpaceGauge: Sendable {
    /// Bytes that the gateway's user may still write.
    func free() throws(Finding) -> Int64
    /// Refuses with `intake.space.low` when fewer than `bytes` are free.
    func require(_ bytes: Int64) throws(Finding)
}
