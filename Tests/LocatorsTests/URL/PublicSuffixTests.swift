import Foundation
import Locators
import Testing

@Suite("Registrable domains")
struct PublicSuffixTests {
  @Test(
    "the Public Suffix List's own cases hold",
    .enabled(if: URLVectors.arePresent, Comment(rawValue: URLVectors.absent)))
  func listCases() throws {
    let text = String(decoding: try URLVectors.data("psl/test_psl.txt"), as: UTF8.self)
    var count = 0
    for line in text.split(separator: "\n") where line.hasPrefix("checkPublicSuffix('") {
      let fields = line.split(separator: "'", omittingEmptySubsequences: false)
      let host = try host(String(fields[1]))
      let expected = fields.count > 3 ? try self.host(String(fields[3])) : nil
      #expect(PublicSuffix.registrableDomain(ofHost: host) == expected, Comment(rawValue: String(line)))
      count += 1
    }
    #expect(count > 70)
  }

  @Test(
    "an address, a suffix or a malformed name has no registrable domain",
    arguments: [
      "", ".", "..", "192.0.2.7", "[2001:db8::1]", "com", "co.uk", "github.io", "a..example.com", ".a.com",
    ])
  func without(_ host: String) {
    #expect(PublicSuffix.registrableDomain(ofHost: host.utf8) == nil)
  }

  @Test("the private section counts, and a final dot is no part of the name")
  func privateSection() {
    #expect(PublicSuffix.registrableDomain(ofHost: "a.b.github.io".utf8) == Array("b.github.io".utf8))
    #expect(PublicSuffix.registrableDomain(ofHost: "www.example.org.".utf8) == Array("example.org".utf8))
  }

  private func host(_ text: String) throws -> [UInt8] { Array(try WebURL("http://\(text)").host) }
}
