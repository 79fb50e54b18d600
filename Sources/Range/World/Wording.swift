/// The invented publishers whose items fill the range.
struct InventedOutlet: Sendable {
  let name: String
  let language: String
  /// What its accounts are named after.
  let stem: String

  static let all = [
    InventedOutlet(name: "Harbour Lights Media", language: "en", stem: "harbour"),
    InventedOutlet(name: "North Quay Press", language: "en", stem: "northquay"),
    InventedOutlet(name: "Atelier des Moulins", language: "fr", stem: "moulins"),
    InventedOutlet(name: "Gartenfunk", language: "de", stem: "gartenfunk"),
    InventedOutlet(name: "Molen en Dijk", language: "nl", stem: "molen"),
    InventedOutlet(name: "Fjord Radio Club", language: "sv", stem: "fjord"),
  ]
}

/// The units that report, in the order of their numbers.
enum ReportingUnit {
  static let names = ["IRU North", "IRU South", "Unit East", "Unit West", "Coordinating Agency"]
}

/// Harmless words, of which titles, names and pages are made.
enum Wording {
  static let things = [
    "tide tables", "tea tasting", "bicycle repair", "bread baking", "bird watching", "chess openings", "knot tying",
    "rose pruning", "kite building", "choir practice", "lighthouse walks", "map reading", "pottery", "beekeeping",
    "canal boats", "jam making", "rain gauges", "snow shoes", "wood carving", "star charts", "apple trees",
    "weather notes", "train timetables", "puzzle corner",
  ]
  static let manners = [
    "Evening of", "A short guide to", "Questions about", "The week in", "Notes on", "Beginners'", "More", "Autumn",
    "Spring", "An hour of", "Letters about", "Old and new", "Our club's", "News from", "Pictures of", "A day of",
  ]
  static let places = [
    "Alder Bridge", "Bell Harbour", "Cobble Market", "Dunwater", "Elm Corner", "Fern Hollow", "Grey Mill",
    "Heron Lake", "Ivy Lane", "Juniper Hill", "Kettle Street", "Long Meadow", "Moss Island", "Nut Grove", "Otter Bank",
    "Pear Court",
  ]
  static let nouns = [
    "owl", "reed", "mill", "gate", "lamp", "boat", "fern", "bell", "kite", "pond", "loom", "oak", "wren", "quay",
    "dune", "hill",
  ]

  /// A title is told by one number, so that a copy can have its original's.
  static func title(_ number: UInt32) -> String {
    var rest = Int(number)
    func next(_ words: [String]) -> String {
      let word = words[rest % words.count]
      rest /= words.count
      return word
    }
    let (manner, thing, place) = (next(manners), next(things), next(places))
    return "\(manner) \(thing), \(place), no. \(rest % 9_000 + 1)"
  }

  static let paragraphs: [[UInt8]] = [
    """
    The meeting begins at seven in the hall behind the library. Bring a cup, a pencil and a warm coat; the kettle is \
    on from half past six, and whoever comes early helps with the chairs. Minutes of the last evening hang beside the \
    door, and corrections are welcome as long as they are shorter than the minutes themselves.
    """,
    """
    After three dry weeks the gauges by the weir stood at eleven millimetres. That is little for the season, and the \
    garden society asks everybody to water in the evening only. The two barrels at the gate are for all plots; please \
    put the lids back, for the sake of the hedgehogs.
    """,
    """
    This year's exchange of seeds had forty-one kinds of beans on one table. The speckled ones went first, as always, \
    and of the old climbing sort a handful is left that can be had for the asking. Labels with the year and the name of \
    the village make next spring a good deal easier.
    """,
    """
    A chain that squeaks is dry, a chain that skips is worn. Hold a ruler against twelve links: where they are more than \
    a finger's breadth too long, a new one is cheaper than a new set of wheels. The workshop lends the tool on \
    Saturdays from ten to two, and tea comes with it.
    """,
    """
    The choir sings on the landing stage when the wind allows it, otherwise in the boat house, where the second voices \
    stand between the canoes. Sheet music is on the bench. Nobody has to read it; the first bars are always hummed, and \
    by the third verse most visitors sing along.
    """,
    """
    From the old signal box one sees both lines and the estuary behind them. The model in the window is to scale and was \
    built over four winters by two retired drivers and a cat. It runs on the first Sunday of the month, and children may \
    set the points.
    """,
    """
    For the dough: flour, water, salt and patience. It rises over night in the cool cellar and is folded twice in the \
    morning. The oven in the yard is heated from six; whoever brings a loaf brings a log as well. What comes out last is \
    for the kitchen of the school.
    """,
    """
    Readers ask how the tide tables are made. They are computed from the harmonic constants of the harbour gauge and \
    checked against the marks on the quay wall. In a strong north-westerly the water stands a hand higher than printed, \
    and in an easterly the ferry asks its passengers to mind the step.
    """,
  ].map { Array(("<p>" + $0 + "</p>\n").utf8) }
}
