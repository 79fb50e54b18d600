import Domain
import Testing

@Suite("JSON written and read back") struct JSONRoundTripTests {
  /// A JSON value that a test can make; the parser's own can't be made outside of it.
  indirect enum Tree: Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case string(String)
    case array([Tree])
    /// Values under the first keys of ``keys``.
    case object([Tree])

    static let keys: [StaticString] = ["a", "b", "b_c", "c", "d1"]

    init(_ value: JSONValue) {
      switch value {
      case .null: self = .null
      case .boolean(let boolean): self = .boolean(boolean)
      case .integer(let integer): self = .integer(integer)
      case .string(let string): self = .string(string)
      case .array(let values): self = .array(values.map(Tree.init))
      case .object(let object): self = .object(object.members.map { Tree($0.value) })
      }
    }

    func write(_ json: inout JSONWriter) {
      switch self {
      case .null: json.null()
      case .boolean(let boolean): json.boolean(boolean)
      case .integer(let integer): json.integer(integer)
      case .string(let string): json.string(string)
      case .array(let trees): json.array { json in for tree in trees { tree.write(&json) } }
      case .object(let trees):
        json.object { json in
          for (key, tree) in zip(Self.keys, trees) {
            json.key(key)
            tree.write(&json)
          }
        }
      }
    }

    static func random(depth: Int, _ random: inout SeededGenerator) -> Tree {
      switch Int.random(in: 0..<(depth > 5 ? 4 : 6), using: &random) {
      case 0: return .null
      case 1: return .boolean(.random(using: &random))
      case 2: return .integer(.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
      case 3: return .string(text(&random))
      case 4: return .array(children(depth, &random))
      default: return .object(children(depth, &random))
      }
    }

    private static func children(_ depth: Int, _ random: inout SeededGenerator) -> [Tree] {
      (0..<Int.random(in: 0...keys.count, using: &random)).map { _ in Tree.random(depth: depth + 1, &random) }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        let highest: UInt32 = [0x20, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &random) ?? 0
        if let scalar = Unicode.Scalar(UInt32.random(in: 0...highest, using: &random)) { text.append(scalar) }
      }
      return String(text)
    }
  }

  @Test("any value is read back as it was written, and written again as the same bytes")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<3_000 {
      let tree = Tree.random(depth: 0, &random)
      var json = JSONWriter()
      tree.write(&json)
      let read = Tree(try JSONValue(parsing: json.bytes))
      #expect(read == tree)
      var again = JSONWriter()
      read.write(&again)
      #expect(again.bytes == json.bytes)
    }
  }

  @Test("the keys that were written are those that are read, in their order")
  func keys() throws {
    var json = JSONWriter()
    Tree.object(Array(repeating: .null, count: Tree.keys.count)).write(&json)
    #expect(try JSONObject(parsing: json.bytes).members.map(\.key) == Tree.keys.map { "\($0)" })
  }
}
