extension FindingCode {
    /// Every kind of problem, by code. `docs/FINDINGS.md` is generated from it; a test checks that codes are unique and sorted by area.
    package static let all: [FindingCode] =
        (configCodes + mappingCodes + readCodes + treeCodes + intakeCodes + orderCodes + carrierCodes + ledgerCodes + publishCodes
        + stateCodes + engineCodes + transportCodes + endpointCodes + workbookCodes + ftpCodes + postCodes + tlsCodes + ediCodes)
        .sorted { $0.id < $1.id }
}
