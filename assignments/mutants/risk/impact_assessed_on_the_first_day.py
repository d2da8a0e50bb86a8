# /// mutant
# misconception = "The impact assessment of the register finished on the first day of operation"
# revisit = "risk#is-a-dpia-required"
# loses = {"register-coherence-test" = 2}
# ///
# %% register
def risk_register() -> str:
    return """
service: Digital night supervision in Kongsberg and Rollag
starts: 2027-09-01
assessed: 2027-03-15

acceptance:
  decided_by: Municipal directors of Kongsberg and Rollag
  decided: 2027-01-15
  criteria:
    late_help: {more_than: 15, probability: 0.05, before: 0.306, after: 0.011}
    disclosure: {more_than: 60, probability: 0.05, before: 0.206, after: 0.021}
    surveillance: {more_than: 12, probability: 0.05, before: 0.208, after: 0.005}

risks:
  - id: outage
    scenario: The mobile network or the cloud fails at night. Alarms do not reach the operator, and a person
      lies on the floor until morning.
    threat: {element: alarm, method: STRIDE, type: Denial of service}
    harm: late_help
    events: [1, 5]
    persons: [0.3, 2]
    estimate: "Two operators (7 and 8 of 10), from the outages of the safety alarms; about one call in ten hours
      of night."
    treatment: reduce
    controls: [two_paths]
    owner: Head of the response centre
    legal_basis: [gdpr-32, pasientjournalloven-22]
    review: 2028-03-01
  - id: missed_fall
    scenario: The algorithm takes a fall for a blanket. No alarm is raised, and nobody looks until the morning
      visit.
    threat: {element: sensor, method: STRIDE, type: Denial of service}
    harm: late_help
    events: [4, 20]
    persons: [0.9, 1.2]
    estimate: "Three nurses (6, 6 and 8 of 10): falls a year among these persons, times what they fear the
      algorithm misses. A guess."
    treatment: reduce
    controls: [staged_falls]
    owner: Head of home care
    legal_basis: [ledelsesforskriften-6]
    review: 2028-03-01
  - id: open_pictures
    scenario: A wrong setting leaves a year of bedroom pictures open on the internet. Strangers see who is
      helpless, and when.
    threat: {element: history, method: STRIDE, type: Information disclosure}
    harm: disclosure
    events: [0.01, 0.2]
    persons: [20, 120]
    estimate: "Data protection officer (9 of 10), from public cases of open cloud storage."
    treatment: reduce
    controls: [short_storage]
    owner: Head of home care
    legal_basis: [gdpr-5-1-c, gdpr-28, gdpr-32]
    review: 2028-03-01
  - id: training
    scenario: The supplier uses events and pictures to improve its product, without any basis and without the
      users' knowledge.
    threat: {element: training, method: LINDDUN, type: Non-compliance}
    harm: disclosure
    events: [0.1, 0.6]
    persons: [40, 120]
    estimate: "Data protection officer (9 of 10): the supplier has said that it wishes to; whether it would
      without asking is a guess."
    treatment: reduce
    controls: [no_training]
    owner: Head of home care
    legal_basis: [gdpr-28]
    review: 2028-03-01
  - id: snooping
    scenario: An operator opens the picture of somebody she knows, without an alarm and without a task.
    threat: {element: look_in, method: LINDDUN, type: Disclosure of information}
    harm: disclosure
    events: [0.5, 4]
    persons: [1, 3]
    estimate: "Head of the response centre (7 of 10), from one case in three years with other systems."
    treatment: accept
    accepted:
      by: Municipal director of Kongsberg
      day: 2027-04-01
      because: Few persons at a time. Every opening is logged, and users are told how to ask for the log.
    owner: Head of the response centre
    legal_basis: [gdpr-32, helsepersonelloven-21-a]
    review: 2028-03-01
  - id: private_moment
    scenario: The camera shows a person at a time that the decision does not allow, or after the person has said
      no.
    threat: {element: camera, method: LINDDUN, type: Non-compliance}
    harm: surveillance
    events: [2, 12]
    persons: [1, 2]
    estimate: "Two case workers (7 and 9 of 10), from a count of changed decisions in a year."
    treatment: reduce
    controls: [decision_lock]
    owner: Head of home care
    legal_basis: [gdpr-25, pbrl-4-6-a]
    review: 2027-12-01

controls:
  - id: two_paths
    requirement: Every alarm goes by two independent networks. If neither works for ten minutes, the centre is
      alerted and visits by plan.
    owner: Supplier's service manager
    due: 2027-07-15
    cost: 120000
    acts: [{risk: outage, multiplies: events, factor: 0.4}]
    verification:
      how: One network is cut for a night without notice. All twenty test alarms arrive within a minute.
      by: Head of preparedness
      day: 2027-08-10
  - id: staged_falls
    requirement: The supplier shows at most 10 % missed of 200 staged falls in the municipalities' own rooms,
      and gets no payment before.
    owner: Supplier's service manager
    due: 2027-07-01
    cost: 100000
    acts: [{risk: missed_fall, multiplies: events, factor: 0.4}]
    verification:
      how: Two hundred falls are staged by stand-ins in twenty rooms, at night, under blankets and without. More
        than 20 missed fails.
      by: Head of home care
      day: 2027-08-01
  - id: short_storage
    requirement: Pictures are deleted when the operator closes the look-in, events after 30 days, also at
      sub-processors.
    owner: Supplier's service manager
    due: 2027-07-15
    cost: 40000
    acts: [{risk: open_pictures, multiplies: persons, factor: 0.3}]
    verification:
      how: In a test system filled with half a year of events, a search finds no picture and no event older than
        30 days.
      by: Data protection officer
      day: 2027-08-10
  - id: no_training
    requirement: The supplier has no technical access to events for its own purposes; the contract names no such
      purpose.
    owner: Head of procurement
    due: 2027-06-15
    cost: 20000
    acts: [{risk: training, multiplies: events, factor: 0.1}]
    verification:
      how: The supplier's developers try to read a marked test event with every account that they have. One
        success fails.
      by: Data protection officer
      day: 2027-08-10
  - id: decision_lock
    requirement: The camera opens only at the times in the user's decision or after an alarm, and never after
      its last day.
    owner: Supplier's service manager
    due: 2027-07-15
    cost: 70000
    acts: [{risk: private_moment, multiplies: events, factor: 0.3}]
    verification:
      how: Operators try fifty openings outside the decided times of ten test users. Every one is refused and
        logged.
      by: Head of home care
      day: 2027-08-10

dpia:
  required: true
  because:
    - Sensitive data on vulnerable persons, observed every night with new technology (F2, F3, F6).
    - GPS positions together with health data are on Datatilsynet's list (F9).
  done: 2027-09-01
  advice: The officer advises to start without pictures at fixed times, and to ask three users' relatives before
    the contract.
"""
