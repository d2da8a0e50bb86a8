"""nbgrader's settings for every account on the server; setup.sh copies them to /etc/jupyter."""

c = get_config()  # noqa: F821 - traitlets puts it there

c.CourseDirectory.course_id = "hip"
c.Exchange.root = "/srv/nbgrader/exchange"
# Takes from the exchange only what belongs to the student whose name is on it, and follows no links.
c.ExchangeFactory.collect = "hipkit.grading.exchange.CollectOwn"
