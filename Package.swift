// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is built with: the Swift 6 language mode, and no warning left standing.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  // Small generic functions of one module are on the hot paths of another.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

/// A module of ours; `RepositoryTests` holds its imports against the module map.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "cordon",
  products: [
    .executable(name: "cordon", targets: ["cordon"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Pure: no I/O, no clock.
    module("Domain"),
    module("Locators", ["Domain", "CIDN2", "CPSL", "CResources", .product(name: "Yams", package: "Yams")]),
    module("TransparencyLog", [crypto]),
    module("ExchangeFormats"),

    // The record, and what stands on it.
    module("Storage", ["Domain", "TransparencyLog", crypto]),
    module(
      "SQLiteEngine",
      [
        "Domain", "Storage", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),

    module("PostgresEngine", ["CPQ", "Domain", "Storage"]),

    module(
      "Casework",
      [
        "Domain", "Locators", "ExchangeFormats", "Storage", "TransparencyLog", crypto,
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    module("Wire", ["Domain"]),
    // What a serving process counts, as Prometheus reads it.
    module("Meters"),
    module("Workers", ["Casework", "Domain", "Locators", "Meters", "Storage", "Wire", crypto]),
    module(
      "API",
      [
        "CResources", "Casework", "Domain", "Forms", "Meters", "Storage", "TransparencyLog", "Wire", crypto,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    module(
      "Console",
      [
        "CResources", "Casework", "Domain", "Storage", "TransparencyLog", crypto,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    // What is written for people outside: reports as pages, tables and JSON.
    module("Forms", ["Casework", "Domain", "Storage"]),

    // The real side of the ports that reach other people's machines.
    module(
      "Gateways",
      [
        "CZlib", "Domain", "Locators", crypto,
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),

    // Nine simulated providers, to practise and to measure against, and the driver of a whole operation.
    module(
      "Range",
      [
        "Domain", "Locators", "Wire", crypto, .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    module("Exercise", ["Casework", "Domain", "Locators", "Storage", "TransparencyLog", "Workers", crypto]),

    .executableTarget(
      name: "cordon",
      dependencies: [
        "API", "Casework", "Console", "Domain", "Exercise", "ExchangeFormats", "Forms", "Gateways", "Locators",
        "Meters", "PostgresEngine", "Range", "SQLiteEngine", "Storage", "TransparencyLog", "Wire", "Workers", crypto,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    tests(
      "CaseworkTests",
      [
        "Casework", "Domain", "ExchangeFormats", "Locators", "SQLiteEngine", "Storage", "TestPorts", "TestDesks",
        "TransparencyLog", crypto,
      ]),
    tests(
      "ConsoleTests",
      [
        "Casework", "Console", "Domain", "Storage", "TestDesks",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
      ]),
    tests("DomainTests", ["Domain"]),
    tests("ExchangeFormatsTests", ["ExchangeFormats"]),
    tests(
      "GatewaysTests",
      [
        "CZlib", "Domain", "Gateways", "Locators", crypto,
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests("LocatorsTests", ["Domain", "Locators"]),
    tests(
      "RangeTests",
      ["Domain", "Locators", "Range", "Wire", crypto, .product(name: "NIOCore", package: "swift-nio")]),
    tests("MetersTests", ["Meters"]),
    tests("RepositoryTests", []),
    tests("StorageTests", ["Domain", "PostgresEngine", "SQLiteEngine", "Storage", "TestPorts", "TransparencyLog"]),
    tests("TransparencyLogTests", ["TransparencyLog", crypto]),
    tests("WireTests", ["Domain", "Wire"]),
    tests(
      "WorkersTests",
      ["Casework", "Domain", "Locators", "Storage", "TestDesks", "TestPorts", "Wire", "Workers", crypto]),

    // Clock, randomness and blobs of the tests.
    .target(name: "TestPorts", dependencies: ["Domain", crypto], path: "Tests/TestPorts", swiftSettings: strict),
    .target(
      name: "TestDesks",
      dependencies: [
        "Casework", "Domain", "Locators", "SQLiteEngine", "Storage", "TestPorts", "TransparencyLog", crypto,
      ],
      path: "Tests/TestDesks", swiftSettings: strict),

    // What the program carries inside itself, and the C libraries of the system.
    .target(name: "CResources", exclude: ["console", "openapi.yaml", "providers", "tracking-parameters.yaml"]),
    .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
    .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  ],
  swiftLanguageModes: [.v6]
)
