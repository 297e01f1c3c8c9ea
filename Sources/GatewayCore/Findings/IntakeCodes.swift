// Problems of this area. Each code stands once here and once in the list below.
extension FindingCode {

    package static let intakeCodes: [FindingCode] = []
}
