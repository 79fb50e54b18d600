import Domain
import Testing

@Suite("Hexadecimal") struct HexTests {
  @Test("every byte is two lower-case digits and is read back, in either case")
  func roundTrip() {
    let bytes = (0...255).map { UInt8($0) }
    let text = Hex.encode(bytes)
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff") && text == text.lowercased())
    #expect(Hex.decode(text) == bytes)
    #expect(Hex.decode(text.uppercased()) == bytes)
    #expect(Hex.decode("") == [])
  }

  @Test("appended digits stand behind what is there")
  func appends() {
    var output: [UInt8] = [0x41]
    Hex.append([0x0F, 0xF0], to: &output)
    #expect(output == Array("A0ff0".utf8))
  }

  @Test(
    "what is no even number of hexadecimal digits is refused", arguments: ["0", "000", "0g", " 00", "0x00", "é", "００"])
  func refusals(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test("of all bytes only the 22 digits have a value")
  func digits() {
    let digits = (0...255).map { UInt8($0) }.filter { Hex.value(of: $0) != nil }
    #expect(digits == Array("0123456789ABCDEFabcdef".utf8))
    for nibble in UInt8(0)...15 { #expect(Hex.value(of: Hex.digit(nibble)) == nibble) }
  }
}
