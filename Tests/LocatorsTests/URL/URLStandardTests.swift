import Foundation
import Locators
import Testing

@Suite("The URL Standard's own cases")
struct URLStandardTests {
  @Test(
    "every case of urltestdata.json parses or fails as the standard says, component by component",
    .enabled(if: URLVectors.arePresent, Comment(rawValue: URLVectors.absent)))
  func standardCases() throws {
    let cases = try URLVectors.cases("url/urltestdata.json")
    #expect(cases.count >= 891)
    for one in cases {
      let input = try #require(one["input"] as? String)
      let base = one["base"] as? String
      let name = Comment(rawValue: "\(input.debugDescription) against \(base ?? "nothing")")
      let result = Result { try parse(input, base: base) }
      if one["failure"] as? Bool == true {
        #expect(throws: URLFault.self, name) { try result.get() }
        continue
      }
      guard case .success(let url) = result else {
        Issue.record("refused: \(input.debugDescription) against \(base ?? "nothing")")
        continue
      }
      for (part, value) in parts(of: url) {
        if let expected = one[part] as? String {
          #expect(value == expected, "\(part) of \(input.debugDescription)")
        }
      }
    }
  }

  @Test(
    "query and fragment percent-encode as UTF-8",
    .enabled(if: URLVectors.arePresent, Comment(rawValue: URLVectors.absent)))
  func percentEncodingCases() throws {
    let cases = try URLVectors.cases("url/percent-encoding.json")
    #expect(!cases.isEmpty)
    for one in cases {
      let input = try #require(one["input"] as? String)
      let output = try #require((one["output"] as? [String: String])?["utf-8"])
      let url = try WebURL("https://doesnotmatter.invalid/?\(input)#\(input)")
      #expect(url.search == "?\(output)")
      #expect(url.hash == "#\(output)")
    }
  }

  private func parse(_ input: String, base: String?) throws(URLFault) -> WebURL {
    guard let base else { return try WebURL(input) }
    return try WebURL(input, base: WebURL(base))
  }

  private func parts(of url: WebURL) -> [(String, String)] {
    [
      ("href", url.hrefString), ("protocol", url.protocol),
      ("username", String(decoding: url.username, as: UTF8.self)),
      ("password", String(decoding: url.password, as: UTF8.self)), ("host", url.hostWithPort),
      ("hostname", url.hostname), ("port", url.port.map { String($0) } ?? ""), ("pathname", url.pathname),
      ("search", url.search), ("hash", url.hash), ("origin", url.origin),
    ]
  }
}
