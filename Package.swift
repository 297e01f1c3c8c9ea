// swift-tools-version: 6.2
import PackageDescription

// The table of who may import whom is in docs/ARCHITECTURE.md; `make check` compares every import with it.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "dropgate",
    products: [.executable(name: "dropgate", targets: ["dropgate"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .target(name: "CScan"),
        .target(name: "CShims"),
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        // Headers of libarchive-dev and libcurl4-openssl-dev; the libraries are loaded at their first use (decision 12).
        .target(name: "CArchive"),
        .target(name: "CCurl"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "GatewayCore", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(name: "GatewayFormats", dependencies: ["GatewayCore", "CArchive", "CXML2", "CScan"], swiftSettings: strict),
        .target(name: "GatewayMapping", dependencies: ["GatewayCore"], swiftSettings: strict),
        .target(
            name: "GatewayProfiles",
            dependencies: [
                "GatewayCore", "GatewayFormats", "GatewayMapping", .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict,
            plugins: ["EmbedMappings"]),
        .plugin(name: "EmbedMappings", capability: .buildTool(), dependencies: ["EmbedTool"]),
        .executableTarget(name: "EmbedTool", swiftSettings: strict),
        .target(name: "GatewayTransports", dependencies: ["GatewayCore", "CCurl", "CShims"], swiftSettings: strict),
        .target(
            name: "GatewayLedger",
            dependencies: [
                "GatewayCore", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "GatewayEngine",
            dependencies: [
                "GatewayCore", "GatewayProfiles",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "dropgate",
            dependencies: [
                "GatewayCore", "GatewayFormats", "GatewayMapping", "GatewayProfiles", "GatewayTransports",
                "GatewayLedger", "GatewayEngine",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(name: "GatewayTesting", dependencies: ["GatewayCore"], swiftSettings: strict),
        .testTarget(name: "GatewayCoreTests", dependencies: ["GatewayCore", "GatewayTesting"], swiftSettings: strict),
        .testTarget(name: "GatewayFormatsTests", dependencies: ["GatewayCore", "GatewayFormats", "GatewayTesting"], swiftSettings: strict),
        .testTarget(name: "GatewayMappingTests", dependencies: ["GatewayCore", "GatewayMapping", "GatewayTesting"], swiftSettings: strict),
        .testTarget(
            name: "GatewayProfilesTests",
            dependencies: ["GatewayCore", "GatewayFormats", "GatewayMapping", "GatewayProfiles", "GatewayTesting"], swiftSettings: strict),
        .testTarget(
            name: "GatewayTransportsTests", dependencies: ["GatewayCore", "GatewayTransports", "GatewayTesting"], swiftSettings: strict),
        .testTarget(
            name: "GatewayLedgerTests",
            dependencies: ["GatewayCore", "GatewayLedger", "GatewayTesting", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayEngineTests",
            dependencies: [
                "GatewayCore", "GatewayProfiles", "GatewayTransports", "GatewayLedger", "GatewayEngine",
                "GatewayTesting", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),
        .testTarget(
            name: "DropgateTests",
            dependencies: ["GatewayCore", "GatewayTesting", "dropgate", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
