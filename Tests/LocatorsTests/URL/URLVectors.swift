import Foundation

/// Where other people's test vectors are: `CORDON_VECTORS`, or "../shared/vectors" beside the repository.
enum URLVectors {
  static let absent = "the test vectors are not here; set CORDON_VECTORS to their folder"

  static let folder: URL? = {
    let environment = ProcessInfo.processInfo.environment
    var repository = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { repository.deleteLastPathComponent() }
    let candidates = [
      environment["CORDON_VECTORS"].map { URL(fileURLWithPath: $0) },
      repository.deletingLastPathComponent().appendingPathComponent("shared/vectors"),
    ]
    return candidates.compactMap { $0 }.first {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("url/urltestdata.json").path)
    }
  }()

  static var arePresent: Bool { folder != nil }

  static func data(_ name: String) throws -> Data {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return try Data(contentsOf: folder.appendingPathComponent(name))
  }

  /// The objects of a file of cases; the strings between them are comments.
  static func cases(_ name: String) throws -> [[String: Any]] {
    let text = String(decoding: try data(name), as: UTF8.self)
    let whole = try JSONSerialization.jsonObject(with: Data(replacingLoneSurrogates(in: text).utf8))
    return (whole as? [Any] ?? []).compactMap { $0 as? [String: Any] }
  }

  /// JSON readers differ on escapes of half a pair, which the standard's input conversion makes U+FFFD.
  private static func replacingLoneSurrogates(in json: String) -> String {
    let escape =
      /\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/
    return json.replacing(escape) { $0.output.count == 6 ? "\\uFFFD" : $0.output }
  }

  /// The inputs and bases of the URL cases, for tests that mutate them.
  static func inputs() throws -> [[UInt8]] {
    try cases("url/urltestdata.json").flatMap { one in
      ["input", "base"].compactMap { one[$0] as? String }.map { Array($0.utf8) }
    }
  }
}
