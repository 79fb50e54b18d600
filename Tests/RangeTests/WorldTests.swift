import Domain
import Locators
import Range
import Testing

@Suite("The world of the range")
struct WorldTests {
  private func reports(_ world: World) throws -> [JSONObject] {
    let lines = world.reportLines(from: .min, to: .max).split(separator: 0x0A)
    return try lines.map { try JSONObject(parsing: Array($0)) }
  }

  @Test("the four days begin at midnight of 5 May 2031")
  func calendar() { #expect(RangeCalendar.start.description == "2031-05-05T00:00:00.000000Z") }

  @Test("the same seed gives the same world, another one another")
  func isDeterministic() {
    let world = World(seed: "a", reports: 500).reportLines(from: .min, to: .max)
    #expect(world == World(seed: "a", reports: 500).reportLines(from: .min, to: .max))
    #expect(world != World(seed: "b", reports: 500).reportLines(from: .min, to: .max))
  }

  @Test("any number of reports gives a world", arguments: [1, 2, 9, 10, 11, 100])
  func smallWorlds(count: Int) throws {
    let world = World(seed: "small", reports: count)
    #expect(world.itemCount == count - count / 10)
    #expect(try reports(world).count == count)
  }

  @Test("every address is what its provider's pack makes of it, and no two are the same")
  func addressesAreFixedPoints() throws {
    let world = World(seed: "points", reports: 6_000)
    let canonicalizer = Canonicalizer(packs: try .shipped())
    var seen: Set<String> = []
    var kinds: Set<ItemKind> = []
    for item in 0..<world.itemCount {
      let address = world.address(item)
      let locator = try canonicalizer.locate(try WebURL(address))
      #expect(locator.text == address)
      #expect(locator.provider == .pack(world.provider(item).name), "\(address)")
      #expect(seen.insert(address).inserted, "\(address)")
      kinds.insert(locator.kind)
      if world.provider(item) == .strata { #expect(locator.original != nil, "\(address)") }
    }
    #expect(kinds.isSuperset(of: [.account, .channel, .group, .post, .video, .image, .audio, .document, .file, .site]))
    #expect(kinds.isSuperset(of: [.archiveCopy, .linkList]) && !kinds.contains(.page))
  }

  @Test("a report's kind is the kind that the pack finds, and each repetition leads to an item reported before")
  func repetitionsLeadBack() throws {
    let world = World(seed: "again", reports: 6_000)
    let canonicalizer = Canonicalizer(packs: try .shipped())
    var seen: Set<String> = []
    var repeated = 0
    for report in try reports(world) {
      let address = try report.text("address")
      let locator = try canonicalizer.locate(reported: Array(address.utf8))
      #expect(locator.kind.rawValue == (try report.text("kind")), "\(address)")
      if !seen.insert(locator.text).inserted {
        repeated += 1
        #expect(address != locator.text)
      } else {
        #expect(address == locator.text)
      }
    }
    #expect(repeated == 600)
    #expect(seen.count == 5_400)
  }

  @Test("reports come in working hours of the four days, at whole quarters, in the order of their numbers")
  func reportsKeepHours() throws {
    var last = ""
    for (number, report) in try reports(World(seed: "hours", reports: 2_000)).enumerated() {
      #expect(try report.integer("n") == Int64(number))
      let at = try report.text("at")
      #expect(last <= at)
      last = at
      #expect(at.hasPrefix("2031-05-0") && "5678".contains(Array(at)[9]), "\(at)")
      #expect((8..<18).contains(Int(at.dropFirst(11).prefix(2)) ?? 0), "\(at)")
      #expect(["00", "15", "30", "45"].contains(String(at.dropFirst(14).prefix(2))), "\(at)")
    }
  }

  @Test("a period holds what begins in it and not what begins at its end")
  func periods() throws {
    let world = World(seed: "period", reports: 2_000)
    let (morning, evening) = (Int32(8 * 3_600), Int32(12 * 3_600))
    let first = world.reportLines(from: .min, to: morning + 900)
    let rest = world.reportLines(from: morning + 900, to: evening) + world.reportLines(from: evening, to: .max)
    #expect(!first.isEmpty)
    #expect(first + rest == world.reportLines(from: .min, to: .max))
  }
}
