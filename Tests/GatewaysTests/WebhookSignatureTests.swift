import Domain
import Foundation
import Gateways
import Testing

@Suite("Webhook signatures")
struct WebhookSignatureTests {
  /// Made with the reference library for Python; the first is the example of the specification.
  private static func vectors() throws -> [JSONObject] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let bytes = Array(try Data(contentsOf: tests.appendingPathComponent("Vectors/webhooks.json")))
    guard case .array(let values) = try JSONValue(parsing: bytes) else { return [] }
    return values.compactMap { if case .object(let object) = $0 { object } else { nil } }
  }

  @Test("the reference library's signatures come out")
  func vectors() throws {
    let vectors = try Self.vectors()
    #expect(vectors.count == 3)
    for vector in vectors {
      let headers = WebhookSignature.headers(
        id: try vector.text("id"), seconds: try vector.integer("seconds"), body: Array(try vector.text("body").utf8),
        key: try vector.bytes(hex: "key_hex"))
      #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
      #expect(headers[2].value == (try vector.text("signature")))
    }
  }
}
