import Domain
import Gateways
import Testing

@Suite("Webhook signatures")
struct WebhookSignatureTests {
  @Test("the example of the Standard Webhooks specification comes out")
  func specification() throws {
    // The secret is whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, in Base64 behind its prefix.
    let key: [UInt8] = [
      0x31, 0xF2, 0x90, 0xF6, 0xBF, 0x06, 0x29, 0x8A, 0xAB, 0x4F, 0x08, 0xD4, 0x3C, 0x3F, 0x08, 0x2C, 0xF6, 0x48,
      0xA3, 0x62, 0xDA, 0x2D, 0xA4, 0xB0,
    ]
    let headers = WebhookSignature.headers(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8), key: key)
    #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
    #expect(headers[2].value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }
}
