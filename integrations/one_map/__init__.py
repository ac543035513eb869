"""资源共享平台 behind 一张图: permits and certificates of projects by number."""
