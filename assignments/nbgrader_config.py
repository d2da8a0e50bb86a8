"""nbgrader's settings for this course. Run nbgrader from this folder; hipkit reads the same file."""

c = get_config()  # noqa: F821 - traitlets puts it there

c.CourseDirectory.course_id = "hip"
# What runs here is graded on the machine and in the environment of the course.
c.ExecutePreprocessor.timeout = 120
c.ExecutePreprocessor.kernel_name = "python3"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.ClearSolutions.text_stub = "*Write your answer here.*"
# A hidden test that stays in the feedback would reach the next student.
c.GenerateFeedback.force = True
